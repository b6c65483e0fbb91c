import fc from 'fast-check';
import { ENGINES, runsOn } from '../../test/support/engines';
import { Bench, type Happening, idOf, item } from '../../test/support/shelf';
import { RecentRows } from './recent';

jest.setTimeout(120_000);

const NAMES = ['a', 'b', 'c'];
const happening = fc.oneof(
  fc.record({ is: fc.constant('changed' as const), title: fc.string({ minLength: 1, maxLength: 5 }) }),
  fc.constant({ is: 'retired' } as const),
  fc.record({ is: fc.constant('registered' as const), title: fc.constantFrom('new', 'again'), tags: fc.constant([]) }),
);
const happenings = fc.array(fc.tuple(fc.constantFrom(...NAMES), happening), { minLength: 1, maxLength: 10 });

describe.each(ENGINES)('a list in %s', (engine) => {
  it('shows what every asset is now, however often it was listed before it changed, went or came back', async () => {
    const property = fc.asyncProperty(happenings, fc.constantFrom('asset', 'placed'), async (following, by) => {
      const bench = new Bench({ engine });
      try {
        const runtime = await bench.runtime();
        for (const name of NAMES) await bench.happens(name, { is: 'registered', title: name, tags: [] });
        const reader = runtime.reader('shelf');
        for (const [name, happened] of following) {
          await bench.happens(name, happened as Happening);
          await runtime.catchUp();
          const each = await reader.getMany(
            item,
            NAMES.map((one) => ({ asset: idOf(one) })),
          );
          const expected = each.filter((row) => row !== undefined).sort((a, b) => (a[by] < b[by] ? -1 : 1));
          // Read whole, then told by its marks, or by which rows it has alone.
          for (let time = 0; time < 3; time++) {
            expect(await reader.select(item, { limit: 10, order: [{ by }] })).toEqual(expected);
          }
        }
      } finally {
        await bench.close();
      }
    });
    await fc.assert(property, { numRuns: runsOn(engine, 36) });
  });
});

it('is tried seldom while pages are not found in it, and always again once they are', () => {
  const recent = new RecentRows<number>();
  const tried = () => Array.from({ length: 64 }, () => recent.byMark.pays).filter(Boolean).length;
  for (let miss = 0; miss < 20; miss++) expect(recent.since([[miss, 1]], 9)).toBeUndefined();
  expect(tried()).toBe(4);
  recent.add([7, 3], { title: 'Poster' }, 5);
  for (let hit = 0; hit < 20; hit++) expect(recent.since([[7, 3]], 9)).toEqual([{ title: 'Poster' }]);
  expect(tried()).toBe(64);
  expect(recent.since([[7, 4]], 9)).toBeUndefined();
});

it('knows a row by its key alone only where the tables stand as when it was last seen', () => {
  const recent = new RecentRows<number>();
  recent.add([7, 3], { title: 'Poster' }, 5);
  expect(recent.at(5, [[7]])).toEqual([{ title: 'Poster' }]);
  expect(recent.at(6, [[7]])).toBeUndefined();
  expect(recent.since([[7, 3]], 6)).toEqual([{ title: 'Poster' }]);
  expect(recent.at(6, [[7]])).toEqual([{ title: 'Poster' }]);
  expect(recent.at(6, [[7], [8]])).toBeUndefined();
});

it('uses no row by its key alone if the position of the tables is unknown', () => {
  const recent = new RecentRows<string>();
  recent.add(['x', '3'], { title: 'Poster' });
  expect(recent.since([['x', '3']])).toEqual([{ title: 'Poster' }]);
  expect(recent.at(0, [['x']])).toBeUndefined();
});
