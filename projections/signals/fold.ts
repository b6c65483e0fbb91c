import type { DecisionWord } from '../../src/domain/asset/events';
import type { Recorded } from '../../src/domain/catalogue';
import { nfc } from '../../src/domain/characters';
import { projection, type Row, type RowsOf } from '../../src/tables/projection';
import { dayNumber, monthNumber } from '../calendar';
import { found, subjectOf } from '../subject';
import {
  type CreationRow,
  type daily,
  type FactRow,
  type Family,
  type MadeRow,
  type ReviewRow,
  tables,
} from './tables';

type Signals = RowsOf<typeof tables>;

/** Behaviour as countable facts. Every fact follows from its own stream alone, so other streams may come in any order. */
export const signals = projection({
  name: 'signals',
  version: 8,
  tables,
  on: {
    AssetRegistered: create,
    VersionAdded: addVersion,
    MetadataChanged: (event, rows) => {
      const tool = nfc(event.metadata.tool);
      const made = { ...madeAs(event, rows, 0), tool };
      rows.modification.put(counted(rows, 'modification', { ...fact(event, made), mediaType: null, what: 'metadata' }));
      const isMaterial = Object.values(event.data.set ?? {}).some(({ material }) => material);
      const current = isMaterial ? currentOf(event, rows) : undefined;
      if (current) endReview(current, rows);
    },
    ReviewRequested: ask,
    ReviewRoundOpened: ask,
    ReviewWithdrawn: (event, rows) => endReview(versionOf(event, rows), rows),
    ReviewLapsed: (event, rows) => endReview(versionOf(event, rows), rows),
    DecisionRecorded: decide,
    ApprovalGranted: approve,
    ApprovalLapsed: (event, rows) => {
      // What a newer version replaced is reviewed no more.
      if (event.data.reason === 'newVersion') return;
      const { position: of } = versionOf(event, rows);
      if (rows.lapse.get({ of }) !== undefined) return;
      rows.lapse.put({ of, position: event.position, occurredAt: event.metadata.occurredAt });
    },
    DecisionAttested: (event, rows) => {
      const { version, decision, automated, role, evidence } = event.data;
      const fact = factOf(event, madeAs(event, rows, version));
      const told = { ...fact, decision, automated, role, source: evidence?.source ?? null };
      rows.attestation.put(counted(rows, 'attestation', told));
    },
    PlacementStarted: use,
    PlacementObserved: use,
    AssetRetired: (event, rows) => {
      const current = currentOf(event, rows);
      if (current === undefined) return;
      endReview(current, rows);
      rows.over.put({ of: current.position, round: VERSION });
    },
    AssetRestored: (event, rows) => {
      const current = currentOf(event, rows);
      if (current) rows.over.delete({ of: current.position, round: VERSION });
    },
  },
});

/** Stands for the version itself among the rounds of its reviews. */
const VERSION = 0;
/** A review ends with such a decision. */
const ENDS_REVIEW: readonly DecisionWord[] = ['approveWithChanges', 'changesRequested', 'reject'];

function create(event: Recorded<'AssetRegistered'>, rows: Signals): void {
  const { kind, template } = event.data;
  const made = { kind, tool: nfc(event.metadata.tool), template: template?.asset ?? null };
  rows.creation.put(counted(rows, 'creation', { ...fact(event, made), asset: subjectOf(event) }));
}

/** The first version belongs to the creation of its asset; each later one is a modification. */
function addVersion(event: Recorded<'VersionAdded'>, rows: Signals): void {
  const { version, madeWith, mediaType } = event.data;
  const { occurredAt, actorKind } = event.metadata;
  const { kind, template, position: registration } = registered(event, rows);
  const made = { kind, template, tool: madeWith.tool, mediaType, authorKind: actorKind, occurredAt };
  rows.made.put({ ...made, registration, version, position: event.position });
  if (version === 1) return;
  rows.modification.put(counted(rows, 'modification', { ...factOf(event, made), what: 'version' }));
  const replaced = rows.made.get({ registration, version: version - 1 });
  if (replaced) rows.over.put({ of: replaced.position, round: VERSION });
}

/** A version that is reviewed again begins another round. */
function ask(event: Recorded<'ReviewRequested' | 'ReviewRoundOpened'>, rows: Signals): void {
  const made = versionOf(event, rows);
  endReview(made, rows);
  rows.request.put({ ...reviewOf(event, made, lastRound(made, rows) + 1), madeAt: made.occurredAt });
}

/** Only the first decision of a review is kept; what a program says is advice, though it may end the review too. */
function decide(event: Recorded<'DecisionRecorded'>, rows: Signals): void {
  const { role, automated, decision } = event.data;
  const made = versionOf(event, rows);
  const round = lastRound(made, rows);
  const key = { of: made.position, round };
  const asked = rows.request.get(key);
  if (asked === undefined) return;
  // Under a workflow the event says whether anything ends.
  const mayEnd = event.data.round === undefined || event.data.ends !== undefined;
  if (mayEnd && ENDS_REVIEW.includes(decision)) rows.over.put(key);
  if (automated || rows.decision.get(key) !== undefined) return;
  rows.decision.put({ ...reviewOf(event, made, round), role, askedAt: asked.occurredAt });
}

function approve(event: Recorded<'ApprovalGranted'>, rows: Signals): void {
  const made = versionOf(event, rows);
  const { position: of, authorKind, occurredAt: madeAt } = made;
  const key = { of, round: lastRound(made, rows) };
  const decided = rows.decision.get(key);
  const granted = {
    ...factOf(event, made),
    ...key,
    madeAt,
    askedAt: rows.request.get(key)?.occurredAt ?? null,
    decidedAt: decided?.occurredAt ?? null,
    authorKind,
    role: decided?.role ?? null,
    again: rows.lapse.get({ of }) !== undefined,
  };
  const milliseconds = Date.parse(granted.occurredAt) - Date.parse(madeAt);
  rows.approval.put(counted(rows, 'approval', granted, milliseconds));
}

/** Ends the latest review of a version, where it has one. */
function endReview(made: MadeRow, rows: Signals): void {
  const round = lastRound(made, rows);
  if (round > 0) rows.over.put({ of: made.position, round });
}

/** The round of the latest review of a version, 0 where there was none. */
function lastRound({ position: of }: MadeRow, rows: Signals): number {
  for (let round = 0; ; round++) {
    if (rows.request.get({ of, round: round + 1 }) === undefined) return round;
  }
}

function reviewOf(event: Recorded, made: MadeRow, round: number): ReviewRow {
  const { position: of, kind, tool, template, mediaType, authorKind } = made;
  const { position } = event;
  const { occurredAt } = event.metadata;
  return { of, round, kind, tool, template, mediaType, authorKind, position, occurredAt };
}

/** The version that an event is about. */
function versionOf(event: Recorded & { readonly data: { readonly version: number } }, rows: Signals): MadeRow {
  const { position: registration } = registered(event, rows);
  return found(rows.made.get({ registration, version: event.data.version }), event);
}

/** The newest version of what an event is about. */
function currentOf(event: Recorded, rows: Signals): MadeRow | undefined {
  const { position: registration } = registered(event, rows);
  let current: MadeRow | undefined;
  for (let version = 1; ; version++) {
    const next = rows.made.get({ registration, version });
    if (next === undefined) return current;
    current = next;
  }
}

function registered(event: Recorded, rows: Signals): CreationRow {
  return found(rows.creation.get({ asset: subjectOf(event) }), event);
}

function use(event: Recorded<'PlacementStarted' | 'PlacementObserved'>, rows: Signals): void {
  // Content that is no version counts as what the asset was made as.
  const { version = 0, campaign, channel, market = null } = event.data;
  const observed = event.type === 'PlacementObserved';
  const source = ('evidence' in event.data ? event.data.evidence?.source : undefined) ?? null;
  const { position: registration } = registered(event, rows);
  const where = { registration, campaign, channel, market, source, observed };
  rows.campaignUse.put(counted(rows, 'campaignUse', { ...factOf(event, madeAs(event, rows, version)), ...where }));
}

type Made = Pick<FactRow, 'kind' | 'tool' | 'template'> & { readonly mediaType: string | null };

/** What a version was made as; version 0 is the asset before it had content. */
function madeAs(event: Recorded, rows: Signals, version: number): Made {
  const creation = registered(event, rows);
  if (version === 0) return { ...creation, mediaType: null };
  return found(rows.made.get({ registration: creation.position, version }), event);
}

/** Counts a fact that is written once. */
function counted<F extends FactRow>(rows: Signals, family: Family, fact: F, milliseconds = 0): F {
  const { kind, tool, occurredAt } = fact;
  const month = { family, month: monthNumber(occurredAt), kind, tool };
  rows.monthly.put({ ...month, ...oneMore(rows.monthly.get(month), milliseconds) });
  const day = { family, day: dayNumber(occurredAt) };
  rows.daily.put({ ...day, ...oneMore(rows.daily.get(day), milliseconds) });
  return fact;
}

function oneMore(before: Count | undefined, milliseconds: number): Count {
  return { count: (before?.count ?? 0) + 1, milliseconds: (before?.milliseconds ?? 0) + milliseconds };
}

type Count = Pick<Row<typeof daily>, 'count' | 'milliseconds'>;

/** A fact about one version. */
function factOf(event: Recorded, made: Made): FactRow & Pick<Made, 'mediaType'> {
  return { ...fact(event, made), mediaType: made.mediaType };
}

function fact(event: Recorded, made: Omit<Made, 'mediaType'>): FactRow {
  const { occurredAt, actorId } = event.metadata;
  return {
    position: event.position,
    kind: made.kind,
    tool: made.tool,
    template: made.template,
    actor: actorId,
    occurredAt,
  };
}
