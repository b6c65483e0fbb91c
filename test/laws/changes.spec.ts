import fc from 'fast-check';
import { PROJECTIONS } from '../../projections/all';
import { library } from '../../projections/library/fold';
import type { AssetRow } from '../../projections/library/tables';
import { type Between, type Differing, differing, fieldsOf } from '../../src/api/differing';
import type { RecordedEvent } from '../../src/domain/event';
import { subjectIn } from '../../src/domain/stream';
import type { Projection } from '../../src/tables/projection';
import { chronicles } from '../projections/chronicle';
import { folded } from '../projections/rows';
import { ENGINES, runsOn } from '../support/engines';
import { Bench, idOf } from '../support/shelf';
import { eventsAt } from './model';

const projections = PROJECTIONS as unknown as readonly Projection[];

jest.setTimeout(240_000);

interface Moment {
  readonly position: string;
  readonly occurredAt?: string;
}

const asked = fc.tuple(
  fc.tuple(fc.nat(200), fc.nat(200)),
  fc.tuple(fc.option(fc.integer({ min: -1, max: 22 })), fc.option(fc.integer({ min: -1, max: 22 }))),
  fc.integer({ min: 1, max: 3 }),
);

/** Two moments, the first of which knows no more than the second. */
function momentsOf(
  events: readonly RecordedEvent[],
  [numbers, days]: [readonly number[], readonly (number | null)[]],
): readonly [Moment, Moment] {
  const positions = numbers.map((number) => events[number % events.length]!.position).sort();
  const ends = days.map((day) => day ?? 99).sort((one, other) => one - other);
  const [from, to] = positions.map((position, index) => {
    const day = ends[index]!;
    return day === 99 ? { position } : { position, occurredAt: new Date(Date.UTC(2026, 0, 1 + day)).toISOString() };
  });
  return [from!, to!];
}

/** The difference of two folds, each over the events that count at its moment. */
function expected(events: readonly RecordedEvent[], from: Moment, to: Moment): readonly object[] {
  const [then, now] = [eventsAt(events, from), eventsAt(events, to)];
  const at = (counted: readonly RecordedEvent[]) =>
    new Map(folded(library, counted).asset.map((row) => [row.asset, row as AssetRow]));
  const [before, after] = [at(then), at(now)];
  const known = new Set(then.map(({ position }) => position));
  const touched = new Set(now.filter(({ position }) => !known.has(position)).map(({ stream }) => subjectIn(stream)));
  const differs = (row: AssetRow) => JSON.stringify(row) !== JSON.stringify(before.get(row.asset));
  expect([...after.values()].filter(differs).filter(({ asset }) => !touched.has(asset))).toEqual([]);
  return [...after.values()]
    .filter(({ asset }) => touched.has(asset))
    .sort((one, other) => (one.asset < other.asset ? -1 : 1))
    .map((row) => {
      const old = before.get(row.asset);
      const retired = row.status === 'retired' && old?.status !== 'retired';
      const kind = old === undefined ? 'added' : retired ? 'removed' : 'changed';
      return { asset: row.asset, kind, before: old, after: row };
    });
}

async function allOf(between: Between, first: number): Promise<readonly Differing[]> {
  const all: Differing[] = [];
  for (;;) {
    const { rows, hasNext } = await differing(between, first, all.at(-1)?.asset);
    all.push(...rows);
    if (!hasNext) return all;
  }
}

it.each(ENGINES)(
  'the changes between two moments are the difference of two folds, with tables in %s',
  async (engine) => {
    const property = fc.asyncProperty(
      chronicles,
      fc.array(asked, { minLength: 20, maxLength: 20 }),
      async ({ log }, questions) => {
        const bench = new Bench({ engine });
        try {
          for (const [n, { stream, type, data, metadata }] of log.entries()) {
            await bench.append(stream, { id: idOf(`event ${n}`), type, data, metadata });
          }
          const events: RecordedEvent[] = [];
          for await (const page of bench.store.readAll()) events.push(...page);
          const runtime = await bench.runtime({ projections });
          await runtime.catchUp();
          const tooMany = (looked: number) => new Error(`looked at ${looked}`);
          const readers = { library: runtime.reader('library'), history: runtime.reader('history'), tooMany };
          for (const [numbers, days, first] of questions) {
            const [from, to] = momentsOf(events, [numbers, days]);
            const found = await allOf({ ...readers, from, behind: from, to }, first);
            expect(found).toEqual(expected(events, from, to));
            for (const each of found) expect(fieldsOf(each).length).toBeGreaterThanOrEqual(each.before ? 0 : 1);
            const kept = await allOf({ ...readers, from, behind: from, to, kinds: ['removed'] }, first);
            expect(kept).toEqual(found.filter(({ kind }) => kind === 'removed'));
            const none = differing({ ...readers, from, behind: from, to, kinds: [], most: 2 }, 1);
            // Three are looked at together.
            await (found.length >= 3 ? expect(none).rejects.toThrow('looked at 3') : none);
            const drafts = { statusIn: ['draft'] };
            expect(await allOf({ ...readers, from, behind: from, to, filter: drafts }, first)).toEqual(
              found.filter(({ before, after }) => [before?.status, after.status].includes('draft')),
            );
          }
        } finally {
          await bench.close();
        }
      },
    );
    await fc.assert(property, { numRuns: runsOn(engine, 12), endOnFailure: true });
  },
);
