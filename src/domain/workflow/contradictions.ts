import { canonicalId } from '../identity';
import type { InputFault } from '../input';
import { emptyFault } from '../people';
import type { DefineWorkflow } from './commands';
import {
  type BusinessCalendar,
  type CarryOverRule,
  MOST_DECIDERS,
  type StageDeadline,
  type WorkflowPath,
  type WorkflowStage,
} from './parts';

type Steps = readonly string[];

/** What a definition says against itself. */
export function contradictionsOf({ definition }: DefineWorkflow): readonly InputFault[] {
  const { stages, calendar, carryOver = [] } = definition;
  const at: Steps = ['definition'];
  return [
    ...few(stages, 'stages', at),
    ...tooMany(stages, [...at, 'stages']),
    ...repeated(stages, [...at, 'stages']),
    ...stages.flatMap((stage, index) => stageFaults(stage, calendar, [...at, 'stages', String(index)])),
    ...(calendar === undefined ? [] : calendarFaults(calendar, [...at, 'calendar'])),
    ...repeated(carryOver, [...at, 'carryOver']),
    ...carryOver.flatMap((rule, index) => ruleFaults(rule, [...at, 'carryOver', String(index)])),
  ];
}

function few(entries: readonly unknown[], name: string, at: Steps): readonly InputFault[] {
  return entries.length === 0 ? [{ steps: [...at, name], reason: 'must have at least one entry' }] : [];
}

function tooMany(stages: readonly WorkflowStage[], steps: Steps): readonly InputFault[] {
  const all = stages.flatMap(({ paths }) => paths).reduce((sum, { quorum }) => sum + quorum, 0);
  return all > MOST_DECIDERS ? [{ steps, reason: `need ${all} decisions; at most ${MOST_DECIDERS} are possible` }] : [];
}

/** Decisions name stages, paths and rules by their ids. */
function repeated(entries: readonly { readonly id: string }[], at: Steps): readonly InputFault[] {
  return entries.flatMap(({ id }, index) =>
    entries.findIndex((each) => each.id === id) === index
      ? []
      : [{ steps: [...at, String(index), 'id'], reason: `is the id of another entry: ${id}` }],
  );
}

function stageFaults(
  { paths, deadline }: WorkflowStage,
  calendar: BusinessCalendar | undefined,
  at: Steps,
): readonly InputFault[] {
  const idle = paths.length > 0 && paths.every(({ optional = false }) => optional);
  return [
    ...few(paths, 'paths', at),
    ...repeated(paths, [...at, 'paths']),
    ...(idle ? [{ steps: [...at, 'paths'], reason: 'are all optional; the stage would wait for nobody' }] : []),
    ...paths.flatMap((path, index) => pathFaults(path, [...at, 'paths', String(index)])),
    ...(deadline === undefined ? [] : deadlineFaults(deadline, calendar, [...at, 'deadline'])),
  ];
}

function pathFaults({ candidates, quorum }: WorkflowPath, at: Steps): readonly InputFault[] {
  const { people = [], roles = [], groups = [], anybody = false } = candidates;
  const all = !anybody && roles.length + groups.length === 0;
  const count = new Set(people.map(canonicalId)).size;
  const unreachable =
    all && count > 0 && quorum > count
      ? [{ steps: [...at, 'quorum'], reason: `needs ${quorum} people, and there are only ${count} candidates` }]
      : [];
  return [...emptyFault(candidates, [...at, 'candidates']), ...unreachable];
}

function deadlineFaults(
  deadline: StageDeadline,
  calendar: BusinessCalendar | undefined,
  at: Steps,
): readonly InputFault[] {
  const { hours, workingHours, workingDays, onSilence, escalateTo } = deadline;
  const faults: InputFault[] = [];
  const add = (field: string, reason: string) => faults.push({ steps: [...at, field], reason });
  const given = [hours, workingHours, workingDays].filter((length) => length !== undefined);
  if (given.length !== 1) add('hours', 'give exactly one of hours, workingHours and workingDays');
  if (calendar === undefined && workingHours !== undefined) add('workingHours', 'needs the calendar of the workflow');
  if (calendar === undefined && workingDays !== undefined) add('workingDays', 'needs the calendar of the workflow');
  if (onSilence === 'escalate' && escalateTo === undefined) add('escalateTo', 'is missing: who may decide then?');
  if (onSilence !== 'escalate' && escalateTo !== undefined) add('escalateTo', 'is meant only for onSilence: escalate');
  return escalateTo === undefined ? faults : [...faults, ...emptyFault(escalateTo, [...at, 'escalateTo'])];
}

function calendarFaults({ weekdays, from, to }: BusinessCalendar, at: Steps): readonly InputFault[] {
  return [
    ...few(weekdays, 'weekdays', at),
    ...(to > from ? [] : [{ steps: [...at, 'to'], reason: 'must be later than from' }]),
  ];
}

function ruleFaults({ kind, atMost }: CarryOverRule, at: Steps): readonly InputFault[] {
  const steps = [...at, 'atMost'];
  if (kind === 'notMaterial') {
    return atMost === undefined ? [] : [{ steps, reason: 'is meant only for kind: crop' }];
  }
  if (atMost === undefined) return [{ steps, reason: 'is missing: how much may be gone, in per cent?' }];
  return atMost > 0 && atMost < 100 ? [] : [{ steps, reason: 'must be more than 0 and less than 100 per cent' }];
}
