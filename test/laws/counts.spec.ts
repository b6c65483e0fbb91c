import fc from 'fast-check';
import { isCountedBy } from '../../projections/signals/counts';
import { type Dimension, dimensionsOf } from '../../projections/signals/dimensions';
import type { FactFilter } from '../../projections/signals/filters';
import { signals } from '../../projections/signals/fold';
import { signalsBy } from '../../projections/signals/list';
import { daily, FAMILIES, type Family } from '../../projections/signals/tables';
import type { Projection } from '../../src/tables/projection';
import { chronicles } from '../projections/chronicle';
import { ENGINES, runsOn } from '../support/engines';
import { Bench } from '../support/shelf';

jest.setTimeout(180_000);

const families = Object.keys(FAMILIES) as readonly Family[];

const questions = fc.constantFrom(...families).chain((family) =>
  fc.record({
    family: fc.constant(family),
    by: fc.uniqueArray(fc.constantFrom<Dimension>(...dimensionsOf(family)), { maxLength: 3 }),
    filter: fc.constantFrom<FactFilter>(
      {},
      {},
      { tool: 'Figma' },
      { kindIn: ['image', 'audio'] },
      { days: { from: '2026-01-04', to: '2026-01-16' } },
      { days: { from: '2026-01-11' } },
      { actorId: 'ana' },
    ),
    atLeast: fc.constantFrom(1, 1, 2),
  }),
);

describe.each(ENGINES)('counts that the fold keeps in %s', (engine) => {
  it('are what counting the facts anew gives, also where facts came late, in one batch or many', async () => {
    let kept = 0;
    const property = fc.asyncProperty(
      chronicles,
      fc.array(questions, { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      async ({ log }, asked, batchSize) => {
        const bench = new Bench({ engine });
        try {
          let head = '';
          for (const { stream, id, type, data, metadata } of log) {
            head = await bench.append(stream, { id, type, data, metadata: { ...metadata } as never });
          }
          const runtime = await bench.runtime({ projections: [signals as unknown as Projection], batchSize });
          await runtime.catchUp();
          const reader = runtime.reader('signals');
          for (const { family, by, filter, atLeast } of asked) {
            const none = async () => new Map<string, string>();
            const tooMany = () => new Error('too many');
            const list = signalsBy({ family, by, atLeast, brandsOf: none, campaignsFor: async () => [], tooMany });
            const now = await list.page(reader, { filter, first: 1000 });
            // As of a moment the facts are counted.
            const anew = await list.page(reader, { filter, first: 1000 }, { position: head });
            expect({ family, by, filter, ...now }).toEqual({ family, by, filter, ...anew });
            expect(await list.count(reader, filter)).toBe(now.rows.length);
            if (isCountedBy(by, filter) && now.rows.length > 0) kept += 1;
          }
        } finally {
          await bench.close();
        }
      },
    );
    await fc.assert(property, { numRuns: runsOn(engine, 20), endOnFailure: true });
    expect(kept).toBeGreaterThan(0);
  });

  it('are not told as of a moment', async () => {
    const bench = new Bench({ engine });
    try {
      const runtime = await bench.runtime({ projections: [signals as unknown as Projection] });
      await runtime.catchUp();
      const at = { occurredAt: '2026-01-01T00:00:00.000Z' };
      const asked = runtime.reader('signals').select(daily, { limit: 1, at });
      await expect(asked).rejects.toThrow('a table that keeps only the present was asked about as of a moment');
    } finally {
      await bench.close();
    }
  });
});
