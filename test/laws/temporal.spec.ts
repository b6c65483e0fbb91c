import fc from 'fast-check';
import type { RecordedEvent } from '../../src/domain/event';
import type { At } from '../../src/tables/reader';
import { ENGINES, type EngineName, runsOn } from '../support/engines';
import { Bench, type ItemRow, idOf, item } from '../support/shelf';
import { Model, matches, type Step, steps } from './model';

const START = Date.parse('2026-03-01T00:00:00.000Z');

/** A bench whose store's clock moves back and forth, with the log of these steps, and its model. */
// Two engines, many examples, and perhaps a busy machine.
jest.setTimeout(120_000);

async function filled(engine: EngineName, history: readonly Step[], ticks: readonly number[]) {
  let appended = 0;
  const bench = new Bench({ engine, clock: () => START + (ticks[appended++ % ticks.length] ?? 0) });
  for (const { asset, happening, occurredAt } of history) await bench.happens(asset, happening, occurredAt);
  const events: RecordedEvent[] = [];
  const model = new Model();
  for await (const page of bench.store.readAll()) events.push(...page);
  for (const event of events) model.fold(event);
  return { bench, events, model };
}

const ticks = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 10 });
const byAsset = (rows: readonly ItemRow[]) => [...rows].sort((a, b) => (a.asset < b.asset ? -1 : 1));

function momentsOf(events: readonly RecordedEvent[]): readonly (At | undefined)[] {
  const moments: (At | undefined)[] = [undefined];
  for (const { position } of events) moments.push({ position });
  for (let day = 0; day < 10; day++) moments.push({ occurredAt: `2026-01-0${day || 1}T0${day ? 0 : 1}:00:00.000Z` });
  for (let tick = -1; tick < 8; tick++) moments.push({ recordedAt: new Date(START + tick).toISOString() });
  for (const [n, { position }] of events.entries()) {
    moments.push({ position, occurredAt: `2026-01-0${(n % 9) + 1}T00:00:00.000Z` });
  }
  for (let tick = 0; tick < 7; tick++) {
    const recordedAt = new Date(START + tick).toISOString();
    moments.push({ recordedAt, occurredAt: `2026-01-0${tick + 1}T12:00:00.000Z` });
  }
  return moments;
}

describe.each(ENGINES)('a temporal table in %s', (engine) => {
  it('answers for every past moment with the fold of the log, in lists, by key and in counts', async () => {
    const property = fc.asyncProperty(
      steps(),
      ticks,
      fc.integer({ min: 1, max: 7 }),
      async (history, clock, batchSize) => {
        const { bench, events, model } = await filled(engine, history, clock);
        try {
          const runtime = await bench.runtime({ batchSize });
          await runtime.catchUp();
          const reader = runtime.reader('shelf');
          for (const at of momentsOf(events)) {
            const expected = byAsset(model.rows(at));
            expect(await reader.select(item, { limit: 100, order: [{ by: 'asset' }], at })).toEqual(expected);
            expect(await reader.count(item, { at })).toBe(expected.length);
            const keys = ['a', 'b', 'c', 'd'].map((name) => ({ asset: idOf(name) }));
            const found = await reader.getMany(item, keys, at);
            expect(byAsset(found.filter((row) => row !== undefined))).toEqual(expected);
          }
        } finally {
          await bench.close();
        }
      },
    );
    await fc.assert(property, { numRuns: runsOn(engine, 40) });
  });

  it('finds the rows of that moment by words and by lists', async () => {
    const questions = ['s', 'post', 'ETE', 'nacht p', 'summer post', 'poster"* OR "x', 'x'];
    const property = fc.asyncProperty(steps(), ticks, fc.boolean(), async (history, clock, rebuilt) => {
      const { bench, events, model } = await filled(engine, history, clock);
      try {
        const runtime = await bench.runtime({ batchSize: 3 });
        await runtime.catchUp();
        if (rebuilt) await runtime.rebuild();
        const reader = runtime.reader('shelf');
        for (const at of momentsOf(events).filter((_moment, n) => n % 3 === 0)) {
          const rows = byAsset(model.rows(at));
          for (const search of questions) {
            const expected = rows.filter(({ title }) => matches(title, search.replace('"* OR "', ' or ')));
            expect(await reader.select(item, { limit: 100, order: [{ by: 'asset' }], search, at })).toEqual(expected);
            const newest = await reader.select(item, {
              limit: 2,
              order: [{ by: 'placed', descending: true }],
              search,
              at,
            });
            const byPlace = [...expected].sort((a, b) => (a.placed < b.placed ? 1 : -1));
            expect(newest).toEqual(byPlace.slice(0, 2));
          }
          for (const tag of ['red', 'green', 'never used']) {
            const where = { tags: { has: tag }, status: { eq: 'draft' } } as const;
            const expected = rows.filter((row) => row.tags.includes(tag) && row.status === 'draft');
            const found = await reader.select(item, { limit: 100, order: [{ by: 'placed' }], where, at });
            expect(byAsset(found)).toEqual(expected);
          }
        }
      } finally {
        await bench.close();
      }
    });
    await fc.assert(property, { numRuns: runsOn(engine, 25) });
  });
});
