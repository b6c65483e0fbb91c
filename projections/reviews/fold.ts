import type { Recorded } from '../../src/domain/catalogue';
import { canonicalId } from '../../src/domain/identity';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { escalated, reminded, stageOpened } from './stages';
import { type DecisionMade, type PathState, type ReviewRow, tables } from './tables';
import { noLongerWaiting, waitFor } from './waiting';

type Reviews = RowsOf<typeof tables>;

/** What ended a review, by the decision that did. */
const ENDED: { readonly [decision: string]: string | undefined } = {
  approveWithChanges: 'changesRequested',
  changesRequested: 'changesRequested',
  reject: 'rejected',
};

/** Reviews with their stages, paths and decisions, and whom they wait for. */
export const reviews = projection({
  name: 'reviews',
  version: 2,
  tables,
  on: {
    AssetRegistered: (event, rows) => materialOf(event, rows, event.data.metadata, []),
    ReviewRequested: request,
    StageOpened: (event, rows) => change(event, rows, (before) => stageOpened(event, before, rows)),
    StageSatisfied: (event, rows) => change(event, rows, (before) => closed(before, rows)),
    ReviewRoundOpened: (event, rows) => {
      const { version, digest, materialHash, round } = event.data;
      change(event, rows, (before) => ({
        ...closed(before, rows),
        ...{ status: 'open', version, digest, materialHash, round, decided: [] },
      }));
    },
    DecisionRecorded: decide,
    DecisionWithdrawn: (event, rows) => {
      const person = canonicalId(event.data.person);
      change(event, rows, ({ decided }) => ({
        decided: (decided as DecisionMade[]).filter(({ by, automated }) => automated || canonicalId(by) !== person),
      }));
    },
    QuorumUnreachable: (event, rows) =>
      change(event, rows, ({ paths }) => ({
        paths: (paths as PathState[]).map((each) => ({ ...each, unreachable: event.data.paths.includes(each.path) })),
      })),
    ReviewerAssigned: (event, rows) =>
      change(event, rows, ({ paths }) => ({
        paths: (paths as PathState[]).map((each) =>
          each.path === event.data.path ? { ...each, assigned: [...(each.assigned ?? []), event.data.person] } : each,
        ),
      })),
    ReviewReminded: (event, rows) => change(event, rows, (before) => reminded(event, before)),
    ReviewEscalated: (event, rows) => change(event, rows, (before) => escalated(event, before, rows)),
    ReviewWithdrawn: (event, rows) => end(event, event.data.review, rows, 'withdrawn'),
    ReviewLapsed: (event, rows) => end(event, event.data.review, rows, 'lapsed'),
    ApprovalGranted: (event, rows) =>
      end(event, event.data.review, rows, 'approved', { approval: event.data.approval }),
    VersionAdded: (event, rows) => endPlain(event, rows, 'superseded'),
    MetadataChanged: (event, rows) => {
      if (materialOf(event, rows, event.data.set, event.data.unset ?? [])) endPlain(event, rows, 'superseded');
    },
    AssetRetired: (event, rows) => {
      const open = rows.current.get({ asset: subjectOf(event) });
      if (open) end(event, open.review, rows, 'retired');
    },
  },
});

function request(event: Recorded<'ReviewRequested'>, rows: Reviews): void {
  const { review, version, digest, materialHash, required, note = null, ...rules } = event.data;
  const { workflow = null, workflowVersion = null, workflowHash = null, rulebook = null } = rules;
  const { actorId, onBehalfOf, occurredAt } = event.metadata;
  const asset = subjectOf(event);
  const anybody: PathState = { path: 'approval', quorum: required, candidates: { anybody: true } };
  const paths = workflow === null ? [anybody] : [];
  const people = onBehalfOf === undefined ? [actorId] : [actorId, onBehalfOf];
  rows.review.put({
    ...{ review, asset, status: 'open', version, digest, materialHash, required, note },
    ...{ requestedBy: actorId, onBehalfOf: onBehalfOf ?? null, requestedAt: occurredAt },
    ...{ workflow, workflowVersion, workflowHash, rulebook, round: 1 },
    ...{ stage: null, stageName: null, stageNumber: null, openedAt: workflow === null ? occurredAt : null },
    ...{ due: null, remindAt: [], nextStep: null, paths, decided: [], excluded: people.map(canonicalId) },
    ...{ approval: null, endedAt: null, changed: event.position },
  });
  rows.current.put({ asset, review });
  waitFor(review, paths, occurredAt, rows);
}

function decide(event: Recorded<'DecisionRecorded'>, rows: Reviews): void {
  const { review, decision, automated, stage, paths, insteadOf, round, ends } = event.data;
  const { id, metadata } = event;
  const said = { event: id, at: metadata.occurredAt, by: metadata.actorId, decision };
  const under = {
    ...(automated && { automated }),
    ...(stage !== undefined && { stage }),
    ...(paths && { paths }),
    ...(insteadOf !== undefined && { insteadOf }),
  };
  change(event, rows, ({ decided, stageNumber }) => ({
    decided: [
      ...(decided as DecisionMade[]),
      { ...said, ...under, ...(stage !== undefined && stageNumber !== null && { number: stageNumber }) },
    ],
  }));
  const over = ENDED[decision];
  if (over === undefined) return;
  if (ends === 'round') {
    change(event, rows, (before) => ({ ...closed(before, rows), status: 'suspended' }));
  } else if (round === undefined || ends === 'review') end(event, review, rows, over);
}

/** Nothing is waited for. */
function closed(before: ReviewRow, rows: Reviews): Partial<ReviewRow> {
  noLongerWaiting(before, rows);
  const none = { stage: null, stageName: null, stageNumber: null, openedAt: null, due: null, nextStep: null };
  return { ...none, remindAt: [], paths: [] };
}

function end(event: Recorded, review: string, rows: Reviews, status: string, more: Partial<ReviewRow> = {}): void {
  const before = found(rows.review.get({ review }), event);
  const { occurredAt: endedAt } = event.metadata;
  rows.review.put({ ...before, ...closed(before, rows), ...more, status, endedAt, changed: event.position });
  rows.current.delete({ asset: before.asset });
}

/** A review without a workflow is over with whatever is new. */
function endPlain(event: Recorded, rows: Reviews, status: string): void {
  const open = rows.current.get({ asset: subjectOf(event) });
  if (open === undefined) return;
  if (found(rows.review.get({ review: open.review }), event).workflow === null) end(event, open.review, rows, status);
}

type OfReview = Recorded & { readonly data: { readonly review: string } };

function change(event: OfReview, rows: Reviews, by: (before: ReviewRow) => Partial<ReviewRow>): void {
  // A decision is taken back also after the approval, when its review is over.
  const before = found(rows.review.get({ review: event.data.review }), event);
  rows.review.put({ ...before, ...by(before), changed: event.position });
}

type Fields = { readonly [name: string]: { readonly material: boolean } } | undefined;

/** Keeps the names of material fields, and tells whether a change touched one. */
function materialOf(event: Recorded, rows: Reviews, set: Fields, unset: readonly string[]): boolean {
  const asset = subjectOf(event);
  const before = rows.material.get({ asset })?.names ?? [];
  const given = Object.entries(set ?? {});
  const now = given.filter(([, { material }]) => material).map(([name]) => name);
  const gone = [...unset, ...given.filter(([, { material }]) => !material).map(([name]) => name)];
  const names = [...new Set([...before.filter((name) => !gone.includes(name)), ...now])].sort();
  if (names.length > 0) rows.material.put({ asset, names });
  else if (before.length > 0) rows.material.delete({ asset });
  return now.length > 0 || gone.some((name) => before.includes(name));
}
