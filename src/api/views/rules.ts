import type { Candidates } from '../../domain/people';
import type { PeopleList, RulebookEntry } from '../../domain/rulebook/parts';
import type { WorkflowDefinition } from '../../domain/workflow/parts';
import { workflowId } from '../ids';
import type { Moment } from '../moment';
import { ActorView } from './actor';

const actorsOf = (ids: readonly string[], moment: Moment): readonly ActorView[] =>
  ids.map((id) => new ActorView(id, moment));

export function candidatesView(candidates: Candidates, moment: Moment): object {
  const { people = [], roles = [], groups = [], anybody } = candidates;
  return { people: actorsOf(people, moment), roles, groups, anybody };
}

/** A version of a workflow under the names of the schema: lists that are absent are empty, people are actors. */
export function definitionView(definition: WorkflowDefinition, moment: Moment): object {
  const { stages, calendar, materialFields = [], carryOver = [], ...rest } = definition;
  return {
    ...rest,
    materialFields,
    carryOver,
    calendar: calendar && { ...calendar, holidays: calendar.holidays ?? [] },
    stages: stages.map(({ paths, deadline, ...stage }) => ({
      ...stage,
      paths: paths.map((path) => ({ ...path, candidates: candidatesView(path.candidates, moment) })),
      deadline: deadline && {
        ...deadline,
        remindBefore: deadline.remindBefore ?? [],
        escalateTo: deadline.escalateTo && candidatesView(deadline.escalateTo, moment),
      },
    })),
  };
}

export function entryView({ workflow, rules = [], ...entry }: RulebookEntry, { moment }: { moment: Moment }): object {
  const shown = rules.map(({ owner, fields = [], ...rule }) => ({
    ...rule,
    fields,
    owner: new ActorView(owner, moment),
  }));
  return { ...entry, rules: shown, workflowId: workflow && workflowId(workflow) };
}

/** People under one name; how many of them are shown is asked for. */
export class PeopleListView {
  readonly name: string;

  constructor(
    readonly list: PeopleList,
    readonly moment: Moment,
  ) {
    this.name = list.name;
  }

  get people(): readonly ActorView[] {
    return actorsOf(this.list.people, this.moment);
  }
}
