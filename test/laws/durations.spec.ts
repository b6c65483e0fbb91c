import fc from 'fast-check';
import { isoWeekOf } from '../../projections/calendar';
import {
  type Duration,
  type DurationDimension,
  type DurationFilter,
  dimensionsIn,
  durationsOf,
} from '../../projections/signals/durations';
import { signals } from '../../projections/signals/fold';
import { STEPS, type StepName } from '../../projections/signals/steps';
import type { RecordedEvent } from '../../src/domain/event';
import type { Projection } from '../../src/tables/projection';
import type { At } from '../../src/tables/reader';
import { chronicles } from '../projections/chronicle';
import { ENGINES, runsOn } from '../support/engines';
import { Bench } from '../support/shelf';
import { eventsAt } from './model';

jest.setTimeout(180_000);

interface Case {
  readonly began: string;
  readonly of: Version;
  readonly review?: Review | undefined;
  readonly milliseconds?: number;
}

interface Review {
  readonly asked: string;
  decided?: { readonly at: string; readonly role: string };
  isOver: boolean;
}

interface Version {
  readonly made: string;
  readonly kind: string;
  readonly template: string | null;
  readonly tool: string;
  readonly mediaType: string;
  readonly authorKind: string;
  readonly reviews: Review[];
  readonly approvals: { readonly at: string; readonly again: boolean; readonly review: Review | undefined }[];
  isOver: boolean;
  lapsed: boolean;
}

/** What became of every version, told from the events as a person would. */
function versionsIn(events: readonly RecordedEvent[]): readonly Version[] {
  const assets = new Map<string, { kind: string; template: string | null; versions: Version[] }>();
  for (const { stream, type, data, metadata } of events) {
    // biome-ignore lint/suspicious/noExplicitAny: the type says what the data are.
    const told = data as any;
    const at = metadata.occurredAt;
    if (type === 'AssetRegistered') {
      assets.set(stream, { kind: told.kind, template: told.template?.asset ?? null, versions: [] });
    }
    const asset = assets.get(stream);
    if (asset === undefined) continue;
    const { versions } = asset;
    const version = versions[told.version];
    const review = version?.reviews.at(-1);
    // Versions are counted from 1.
    let newest = 0;
    while (versions[newest + 1] !== undefined) newest += 1;
    const current = versions[newest];
    const last = current?.reviews.at(-1);
    if (type === 'VersionAdded') {
      const { tool } = told.madeWith;
      const { kind, template } = asset;
      const of = { kind, template, tool, mediaType: told.mediaType, authorKind: metadata.actorKind };
      versions[told.version] = { ...of, made: at, reviews: [], approvals: [], isOver: false, lapsed: false };
      const replaced = versions[told.version - 1];
      if (replaced) replaced.isOver = true;
    }
    if (type === 'ReviewRequested' && version) {
      if (review) review.isOver = true;
      version.reviews.push({ asked: at, isOver: false });
    }
    if (type === 'DecisionRecorded' && review) {
      if (told.decision !== 'approve' && told.decision !== 'abstain') review.isOver = true;
      if (!told.automated) review.decided ??= { at, role: told.role };
    }
    if (type === 'ApprovalGranted' && version) version.approvals.push({ at, again: version.lapsed, review });
    if (type === 'ApprovalLapsed' && version && told.reason !== 'newVersion') version.lapsed = true;
    const material = Object.values(told.set ?? {}).some((field) => (field as { material: boolean }).material);
    if (last && ((type === 'MetadataChanged' && material) || type === 'AssetRetired')) last.isOver = true;
    if (current && type === 'AssetRetired') current.isOver = true;
    if (current && type === 'AssetRestored') current.isOver = false;
  }
  return [...assets.values()].flatMap(({ versions }) => versions.filter((version) => version !== undefined));
}

const ended = (from: string, to: string): { readonly began: string; readonly milliseconds: number } => ({
  began: from,
  milliseconds: Date.parse(to) - Date.parse(from),
});

function casesOf(step: StepName, versions: readonly Version[]): { begun: readonly Case[]; ended: readonly Case[] } {
  const reviews = versions.flatMap((of) => of.reviews.map((review) => ({ of, review })));
  const approvals = versions.flatMap((of) => of.approvals.map((approval) => ({ of, ...approval })));
  const made = versions.map((of) => ({ of, began: of.made }));
  const asked = reviews.map((each) => ({ ...each, began: each.review.asked }));
  switch (step) {
    case 'versionToRequest':
      return {
        begun: made,
        ended: versions.flatMap((of) => (of.reviews[0] ? [{ of, ...ended(of.made, of.reviews[0].asked) }] : [])),
      };
    case 'requestToDecision':
      return {
        begun: asked,
        ended: reviews.flatMap((each) =>
          each.review.decided ? [{ ...each, ...ended(each.review.asked, each.review.decided.at) }] : [],
        ),
      };
    case 'decisionToApproval':
      return {
        begun: reviews.flatMap((each) => (each.review.decided ? [{ ...each, began: each.review.decided.at }] : [])),
        ended: approvals.flatMap(({ of, at, review }) =>
          review?.decided ? [{ of, review, ...ended(review.decided.at, at) }] : [],
        ),
      };
    case 'requestToApproval':
      return {
        begun: asked,
        ended: approvals.flatMap(({ of, at, review }) => (review ? [{ of, review, ...ended(review.asked, at) }] : [])),
      };
    case 'versionToApproval':
      return {
        begun: made,
        ended: approvals.flatMap(({ of, at, again }) => (again ? [] : [{ of, ...ended(of.made, at) }])),
      };
  }
}

function dimensionOf(each: Case, dimension: DurationDimension, knowsRole: boolean): string | null {
  const day = each.began.slice(0, 10);
  switch (dimension) {
    case 'week':
      return isoWeekOf(day);
    case 'month':
      return day.slice(0, 7);
    case 'quarter':
      return `${day.slice(0, 4)}-Q${Math.floor((Number(day.slice(5, 7)) + 2) / 3)}`;
    case 'year':
      return day.slice(0, 4);
    case 'role':
      return knowsRole ? (each.review?.decided?.role ?? null) : null;
    default:
      return each.of[dimension];
  }
}

function meets({ of, began }: Case, { began: days, kindIn, tool }: DurationFilter): boolean {
  if (days?.from !== undefined && began < days.from) return false;
  if (days?.to !== undefined && began >= days.to) return false;
  return (kindIn?.includes(of.kind) ?? true) && (tool === undefined || of.tool === tool);
}

/** Counted and sorted without any table. */
function naive(
  events: readonly RecordedEvent[],
  step: StepName,
  by: readonly DurationDimension[],
  filter: DurationFilter,
): readonly Duration[] {
  const cases = casesOf(step, versionsIn(events));
  const isOver = ({ of, review }: Case) => of.isOver || (STEPS[step].caseOf === 'review' && review?.isOver === true);
  const groups = new Map<string, { begun: Case[]; ended: Case[]; values: object }>();
  const add = (each: Case, to: 'begun' | 'ended') => {
    if (!meets(each, filter)) return;
    const knowsRole = to === 'ended' || step === 'decisionToApproval';
    const values = Object.fromEntries(by.map((dimension) => [dimension, dimensionOf(each, dimension, knowsRole)]));
    const name = JSON.stringify(values);
    const group = groups.get(name) ?? { begun: [], ended: [], values };
    group[to].push(each);
    groups.set(name, group);
  };
  if (by.length === 0) groups.set('{}', { begun: [], ended: [], values: {} });
  for (const each of cases.ended) add(each, 'ended');
  const isTold = !(by.includes('role') && step === 'requestToDecision');
  const whole = (each: Case) => isTold || each.review?.decided === undefined;
  for (const each of cases.begun.filter(whole)) add(each, 'begun');
  return [...groups.values()].map(({ begun, ended: done, values }) => {
    const times = done.map(({ milliseconds }) => milliseconds! / 1000).sort((one, other) => one - other);
    const at = (percent: number) => times[Math.ceil((times.length * percent) / 100) - 1] ?? null;
    const rest = isTold || done.length === 0 ? Math.max(0, begun.length - done.length) : 0;
    const over = begun.filter(isOver).length - done.filter(isOver).length;
    const dropped = Math.min(rest, Math.max(0, over));
    const mean = times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length;
    const counts = { begun: done.length + rest, ended: done.length, dropped, open: rest - dropped };
    return { ...values, ...counts, median: at(50), p90: at(90), p95: at(95), mean };
  });
}

const inAnyOrder = (rows: readonly Duration[]) =>
  rows.map((row) => JSON.stringify({ ...row, mean: row.mean?.toFixed(6) })).sort();

const questions = fc.constantFrom(...(Object.keys(STEPS) as StepName[])).chain((step) =>
  fc.record({
    step: fc.constant(step),
    by: fc.uniqueArray(fc.constantFrom(...dimensionsIn(step)), { maxLength: 3 }),
    filter: fc.constantFrom<DurationFilter>(
      {},
      {},
      { began: { from: '2026-01-06', to: '2026-01-15' } },
      { kindIn: ['image', 'audio'] },
      { tool: 'Figma', began: { from: '2026-01-03' } },
    ),
    day: fc.option(fc.integer({ min: 1, max: 28 })),
    upTo: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  }),
);

const tooMany = () => new Error('too many');

describe.each(ENGINES)('durations in %s', (engine) => {
  it('are what a person counts who goes through the events up to any moment', async () => {
    const property = fc.asyncProperty(
      chronicles,
      fc.array(questions, { minLength: 25, maxLength: 25 }),
      async ({ log }, asked) => {
        const bench = new Bench({ engine });
        try {
          for (const { stream, id, type, data, metadata } of log) {
            await bench.append(stream, { id, type, data, metadata: { ...metadata } as never });
          }
          const events: RecordedEvent[] = [];
          for await (const page of bench.store.readAll()) events.push(...page);
          const runtime = await bench.runtime({ projections: [signals as unknown as Projection], batchSize: 7 });
          await runtime.catchUp();
          const reader = runtime.reader('signals');
          for (const { step, by, filter, day, upTo } of asked) {
            const at = {
              ...(upTo !== null && { position: events[Math.floor(upTo * (events.length - 1))]!.position }),
              ...(day !== null && { occurredAt: `2026-01-${String(day).padStart(2, '0')}T12:00:00.000Z` }),
            } as At;
            const list = durationsOf({ step, by, tooMany });
            const moment = day === null && upTo === null ? undefined : at;
            const { rows } = await list.page(reader, { filter, first: 1000 }, moment);
            const expected = naive(eventsAt(events, moment ?? { position: '~' }), step, by, filter);
            expect({ step, by, filter, moment, rows: inAnyOrder(rows) }).toEqual({
              ...{ step, by, filter, moment },
              rows: inAnyOrder(expected),
            });
            expect(await list.count(reader, filter, moment)).toBe(rows.length);
          }
        } finally {
          await bench.close();
        }
      },
    );
    await fc.assert(property, { numRuns: runsOn(engine, 25), endOnFailure: true });
  });
});
