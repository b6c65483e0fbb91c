import fc from 'fast-check';
import { library } from '../../../projections/library/fold';
import { type AssetRow, asset } from '../../../projections/library/tables';
import { Bench, type Happening } from '../../../test/support/shelf';
import type { Projection } from '../projection';
import type { At, ProjectionReader, Selection } from '../reader';

jest.setTimeout(240_000);

const ASSETS = 90;
const TITLES = ['Alpine hut', 'Beach hut', 'Beach walk', 'City night'];
const TAGS = [[], ['cold'], ['cold', 'sweet']];
const dayOf = (day: number) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString();

interface Step {
  readonly asset: number;
  readonly day: number;
  readonly happening: Happening;
}

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ is: fc.constant('changed' as const), title: fc.constantFrom(...TITLES) }),
  fc.record({ is: fc.constant('changed' as const), tags: fc.constantFrom(...TAGS) }),
  fc.constant({ is: 'reviewed' as const }),
);
const step: fc.Arbitrary<Step> = fc.record({ asset: fc.nat(ASSETS - 1), day: fc.nat(9), happening });
/** Every asset is registered, on a day of its own choice; then things happen to them in any order of days. */
const history = fc.record({
  births: fc.array(fc.record({ day: fc.nat(9), title: fc.nat(3), tags: fc.nat(2) }), {
    minLength: ASSETS,
    maxLength: ASSETS,
  }),
  steps: fc.array(step, { minLength: 60, maxLength: 60 }),
});

async function write(bench: Bench, { births, steps }: typeof history extends fc.Arbitrary<infer H> ? H : never) {
  for (const [n, { day, title, tags }] of births.entries()) {
    const registered = { is: 'registered' as const, title: TITLES[title]!, tags: TAGS[tags]! };
    await bench.happens(`asset ${n}`, registered, dayOf(day));
    // Some of what happens, happens between two registrations.
    const own = steps[n];
    if (own && own.asset <= n) await bench.happens(`asset ${own.asset}`, own.happening, dayOf(own.day));
  }
}

const asked: fc.Arbitrary<Omit<Selection<AssetRow>, 'limit' | 'at'>> = fc.record({
  order: fc.boolean().map((descending) => [{ by: 'registered' as const, descending }]),
  search: fc.option(fc.constantFrom('beach', 'hut', 'night', 'be hu', 'nowhere'), { nil: undefined }),
  where: fc.constantFrom<NonNullable<Selection<AssetRow>['where']>>(
    {},
    { status: { eq: 'inReview' } },
    { tags: { has: 'cold' } },
    { tags: { has: 'sweet' }, status: { not: 'draft' } },
    { kind: { in: ['image'] }, registeredBy: { eq: 'actor-1' } },
    { kind: { eq: 'video' } },
  ),
});

const moment = fc.record({
  position: fc.integer({ min: 1, max: ASSETS + 60 }),
  day: fc.integer({ min: -1, max: 10 }),
  by: fc.constantFrom('position', 'occurredAt', 'both'),
});

function momentOf({ position, day, by }: { position: number; day: number; by: string }): At {
  const at = { position: String(position).padStart(20, '0') };
  if (by === 'position') return at;
  return by === 'both' ? { ...at, occurredAt: dayOf(day) } : { occurredAt: dayOf(day) };
}

/** All pages of a list, one behind the other. */
async function paged(reader: ProjectionReader, selection: Omit<Selection<AssetRow>, 'limit'>, limit: number) {
  const rows: AssetRow[] = [];
  for (;;) {
    const page = await reader.select(asset, { ...selection, limit, after: rows.at(-1) });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

it('gives page by page what a list of the past holds as a whole, whatever is asked', async () => {
  const questions = fc.array(fc.tuple(asked, moment, fc.integer({ min: 1, max: 4 })), { minLength: 40, maxLength: 40 });
  const property = fc.asyncProperty(history, questions, async (happened, asking) => {
    const bench = new Bench({ engine: 'sqlite' });
    try {
      await write(bench, happened);
      const runtime = await bench.runtime({ projections: [library as unknown as Projection] });
      await runtime.catchUp();
      const reader = runtime.reader('library');
      for (const [question, when, limit] of asking) {
        const at = momentOf(when);
        // A page larger than the library is never full, so it is read from all rows there were.
        const whole = await reader.select(asset, { ...question, at, limit: 1_000 });
        expect({ question, at, rows: await paged(reader, { ...question, at }, limit) }).toEqual({
          question,
          at,
          rows: whole,
        });
      }
    } finally {
      await bench.close();
    }
  });
  await fc.assert(property, { numRuns: 6, endOnFailure: true });
});
