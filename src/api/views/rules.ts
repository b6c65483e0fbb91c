import type { RulebookRow, WorkflowRow } from '../../../projections/rules/tables';
import type { OpenPath } from '../../domain/asset/reviewevents';
import type { Candidates } from '../../domain/people';
import type { PeopleList, RulebookEntry } from '../../domain/rulebook/parts';
import type { Substitution } from '../../domain/rulebook/standing';
import { diagramOf } from '../../domain/workflow/diagram';
import type { WorkflowDefinition } from '../../domain/workflow/parts';
import { rulebookId, workflowId } from '../ids';
import type { Moment } from '../moment';
import { ActorView } from './actor';
import { orNull, viewOf } from './rowview';

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

/** The newest version of a workflow under the names of the schema. */
export class WorkflowView extends viewOf<WorkflowRow>()('name', 'version', 'hash', 'revision', 'definedAt') {
  readonly __typename = 'Workflow';

  get id(): string {
    return this.moment.idOf(workflowId(this.row.workflow));
  }
  get definition(): object {
    return definitionView(this.row.definition as WorkflowDefinition, this.moment);
  }
  get diagram(): string {
    return diagramOf(this.row.definition as WorkflowDefinition);
  }
  get definedBy(): ActorView {
    return new ActorView(this.row.definedBy, this.moment);
  }
}

/** The rulebook under the names of the schema. */
export class RulebookView extends viewOf<RulebookRow>()('number', 'revision') {
  readonly __typename = 'Rulebook';

  get id(): string {
    return this.moment.idOf(rulebookId(this.row.rulebook));
  }
  get entries(): readonly object[] {
    return (this.row.entries as readonly RulebookEntry[]).map((entry) => entryView(entry, this));
  }
  get roles(): readonly PeopleListView[] {
    return this.lists(this.row.roles);
  }
  get groups(): readonly PeopleListView[] {
    return this.lists(this.row.groups);
  }
  get editors(): readonly ActorView[] {
    return actorsOf(this.row.editors, this.moment);
  }
  get substitutions(): readonly object[] {
    return (this.row.substitutions as readonly Substitution[]).map(({ person, substitute, ...rest }) => ({
      ...rest,
      person: new ActorView(person, this.moment),
      substitute: new ActorView(substitute, this.moment),
    }));
  }

  private lists(lists: unknown): readonly PeopleListView[] {
    return (lists as readonly PeopleList[]).map((list) => new PeopleListView(list, this.moment));
  }
}

export const workflowView = orNull(WorkflowView);

export const rulebookView = orNull(RulebookView);

/** A path as it was when its stage opened. */
export function openPathView({ candidates, optional = false, ...path }: OpenPath, moment: Moment): object {
  return { ...path, optional, candidates: candidatesView(candidates, moment) };
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
