import type { Recorded } from '../../src/domain/catalogue';
import type { RowsOf } from '../../src/tables/projection';
import type { DecisionMade, PathState, ReviewRow, tables } from './tables';
import { noLongerWaiting, waitFor } from './waiting';

type Reviews = RowsOf<typeof tables>;

/** What the row of a review says of a stage that opens; one that opens again keeps its own decisions and earlier ones. */
export function stageOpened(event: Recorded<'StageOpened'>, before: ReviewRow, rows: Reviews): Partial<ReviewRow> {
  const { stage, number, name = null, due = null, remindAt = [], excluded } = event.data;
  const paths = event.data.paths.map(({ path, name: called, quorum, optional, candidates }): PathState => {
    const more = { ...(called !== undefined && { name: called }), ...(optional && { optional }) };
    return { path, ...more, quorum, candidates };
  });
  const openedAt = event.metadata.occurredAt;
  noLongerWaiting(before, rows);
  waitFor(before.review, paths, openedAt, rows);
  const decided = (before.decided as DecisionMade[]).filter((each) => (each.number ?? 0) <= number);
  const opened = { stage, stageName: name, stageNumber: number, openedAt, due };
  return { ...opened, status: 'open', remindAt, nextStep: remindAt[0] ?? due, paths, decided, excluded };
}

/** After a reminder comes the next one, then the deadline itself. */
export function reminded(event: Recorded<'ReviewReminded'>, { remindAt, due }: ReviewRow): Partial<ReviewRow> {
  const { reminder } = event.data;
  const next = [...remindAt, ...(due === null ? [] : [due])].find((each) => each > reminder);
  return { nextStep: next ?? null };
}

export function escalated(event: Recorded<'ReviewEscalated'>, before: ReviewRow, rows: Reviews): Partial<ReviewRow> {
  const { people = [], roles = [], groups = [], anybody = false } = event.data.candidates;
  const paths = (before.paths as PathState[]).map((path): PathState => {
    const { candidates } = path;
    const more = {
      people: [...(candidates.people ?? []), ...people],
      roles: [...(candidates.roles ?? []), ...roles],
      groups: [...(candidates.groups ?? []), ...groups],
      anybody: candidates.anybody === true || anybody,
    };
    return { ...path, candidates: more };
  });
  waitFor(before.review, paths, event.metadata.occurredAt, rows);
  return { paths, nextStep: null };
}
