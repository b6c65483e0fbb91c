import fc from 'fast-check';
import { Bench, type Happening, idOf, item } from '../../../test/support/shelf';
import { RecentRows } from './recent';

jest.setTimeout(120_000);

const NAMES = ['a', 'b', 'c'];
const happening = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.oneof(
    fc.record({ is: fc.constant('changed' as const), title: fc.string({ minLength: 1, maxLength: 5 }) }),
    fc.constant({ is: 'retired' } as const),
    fc.record({
      is: fc.constant('registered' as const),
      title: fc.constantFrom('new', 'again'),
      tags: fc.constant([]),
    }),
  ),
);

it('shows in a list what every asset is now, however often it was listed before it changed, went or came back', async () => {
  const property = fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 10 }), async (happenings) => {
    const bench = new Bench({ engine: 'postgres' });
    try {
      const runtime = await bench.runtime();
      for (const name of NAMES) await bench.happens(name, { is: 'registered', title: name, tags: [] });
      const reader = runtime.reader('shelf');
      for (const [name, happened] of happenings) {
        await bench.happens(name, happened as Happening);
        await runtime.catchUp();
        const list = () => reader.select(item, { limit: 10, order: [{ by: 'asset' }] });
        const each = await reader.getMany(
          item,
          NAMES.map((one) => ({ asset: idOf(one) })),
        );
        const expected = each.filter((row) => row !== undefined).sort((a, b) => (a.asset < b.asset ? -1 : 1));
        for (let time = 0; time < 3; time++) expect(await list()).toEqual(expected);
      }
    } finally {
      await bench.close();
    }
  });
  await fc.assert(property, { numRuns: 6 });
});

it('looks first where that finds whole pages, and now and then where it does not', () => {
  const recent = new RecentRows();
  const tried = () => Array.from({ length: 64 }, () => recent.pays).filter(Boolean).length;
  for (let miss = 0; miss < 20; miss++) expect(recent.page([['x', '1']])).toBeUndefined();
  expect(tried()).toBe(4);
  recent.add(['x', '3'], { title: 'Poster' });
  for (let hit = 0; hit < 20; hit++) expect(recent.page([['x', '3']])).toEqual([{ title: 'Poster' }]);
  expect(tried()).toBe(64);
  expect(recent.page([['x', '4']])).toBeUndefined();
});

it('tells rows apart whose keys are of several parts, some of them nothing', () => {
  const recent = new RecentRows();
  recent.add(['a', 'b', '1'], { is: 'a and b' });
  recent.add(['a', null, '1'], { is: 'a alone' });
  recent.add([null, 'b', '1'], { is: 'b alone' });
  const is = (...mark: unknown[]) => recent.page([mark])?.[0]?.is;
  expect([is('a', 'b', '1'), is('a', null, '1'), is(null, 'b', '1')]).toEqual(['a and b', 'a alone', 'b alone']);
  expect(is(null, null, '1')).toBeUndefined();
});
