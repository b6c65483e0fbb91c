import fc from 'fast-check';
import { Bench, idOf, item } from '../../../test/support/shelf';
import { RecentRows } from './recent';

it('shows in a list what every asset is now, however often it was listed before it changed', async () => {
  const names = ['a', 'b', 'c'];
  const titles = fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ minLength: 1, maxLength: 5 })), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(titles, async (changes) => {
      const bench = new Bench();
      try {
        const runtime = await bench.runtime();
        for (const name of names) await bench.happens(name, { is: 'registered', title: name, tags: [] });
        await runtime.catchUp();
        const reader = runtime.reader('shelf');
        const list = () => reader.select(item, { limit: 10, order: [{ by: 'placed' }] });
        for (const [name, title] of changes) {
          await list();
          await bench.happens(name, { is: 'changed', title });
          await runtime.catchUp();
          expect(await list()).toEqual(
            await reader.getMany(
              item,
              names.map((each) => ({ asset: idOf(each) })),
            ),
          );
        }
      } finally {
        await bench.close();
      }
    }),
    { numRuns: 15 },
  );
});

it('is tried seldom while pages are not found in it, and always again once they are', () => {
  const recent = new RecentRows();
  const tried = () => Array.from({ length: 64 }, () => recent.pays).filter(Boolean).length;
  for (let miss = 0; miss < 20; miss++) expect(recent.page([[miss, 1]])).toBeUndefined();
  expect(tried()).toBe(4);
  recent.add([7, 3], { title: 'Poster' });
  for (let hit = 0; hit < 20; hit++) expect(recent.page([[7, 3]])).toEqual([{ title: 'Poster' }]);
  expect(tried()).toBe(64);
  expect(recent.page([[7, 4]])).toBeUndefined();
});
