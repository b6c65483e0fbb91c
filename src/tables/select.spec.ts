import fc from 'fast-check';
import { ENGINES, runsOn } from '../../test/support/engines';
import { Bench, idOf, item } from '../../test/support/shelf';

jest.setTimeout(120_000);

it.each(ENGINES)(
  'gives the lists and counts that the rows themselves give in %s, asked once or again',
  async (engine) => {
    const bench = new Bench({ engine });
    try {
      const runtime = await bench.runtime();
      const word = fc.constantFrom('red', 'blue', 'green');
      const happening = fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        tags: fc.uniqueArray(word),
        title: fc.constantFrom('Sea', 'Sea side', 'Hill'),
        reviewed: fc.boolean(),
      });
      const question = fc.record({
        tag: fc.option(word),
        tag2: fc.option(word),
        status: fc.option(fc.subarray(['draft', 'inReview'], { minLength: 1 })),
        search: fc.option(fc.constantFrom('sea', 'side', 'hi')),
        by: fc.constantFrom('placed' as const, 'title' as const),
        descending: fc.boolean(),
        limit: fc.integer({ min: 1, max: 6 }),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(happening, { maxLength: 4 }),
          fc.array(question, { minLength: 1 }),
          async (more, asked) => {
            for (const { name, tags, title, reviewed } of more) {
              await bench.happens(name, { is: 'registered', title, tags });
              if (reviewed) await bench.happens(name, { is: 'reviewed' });
            }
            await runtime.catchUp();
            const reader = runtime.reader('shelf');
            const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ asset: idOf(name) }));
            const rows = (await reader.getMany(item, keys)).filter((row) => row !== undefined);
            for (const { tag, tag2, status, search, by, descending, limit } of asked) {
              const tags = [tag, tag2].flatMap((each) => each ?? []);
              const where = {
                tags: tags.map((has) => ({ has })),
                ...(status && { status: status.length === 1 ? { eq: status[0]! } : { in: status } }),
              };
              const wanted = rows
                .filter(
                  (row) => tags.every((each) => row.tags.includes(each)) && (status?.includes(row.status) ?? true),
                )
                .filter(
                  ({ title }) =>
                    !search ||
                    title!
                      .toLowerCase()
                      .split(' ')
                      .some((each) => each.startsWith(search)),
                )
                .sort((one, two) => (`${one[by]} ${one.asset}` < `${two[by]} ${two.asset}` ? -1 : 1));
              if (descending) wanted.reverse();
              const selection = { where, search: search ?? undefined, order: [{ by, descending }], limit };
              for (let time = 0; time < 3; time++) {
                expect(await reader.select(item, selection)).toEqual(wanted.slice(0, limit));
              }
              expect(await reader.count(item, { where, search: search ?? undefined })).toBe(wanted.length);
            }
          },
        ),
        { numRuns: runsOn(engine, 40) },
      );
    } finally {
      await bench.close();
    }
  },
);

it.each(ENGINES)('finds and counts in %s what was another thing for a moment, or was gone', async (engine) => {
  const bench = new Bench({ engine });
  try {
    const runtime = await bench.runtime();
    const titled = async (name: string, ...titles: string[]) => {
      for (const title of titles) await bench.happens(name, { is: 'changed', title });
    };
    for (const name of ['a', 'b', 'c']) await bench.happens(name, { is: 'registered', title: 'Sea', tags: ['red'] });
    await runtime.catchUp();
    // In one batch of the log.
    await titled('a', 'Hill', 'Sea');
    await titled('b', 'Hill', 'Sea', 'Hill');
    await bench.happens('c', { is: 'retired' });
    await bench.happens('c', { is: 'registered', title: 'Sea', tags: ['red'] });
    await runtime.catchUp();
    const reader = runtime.reader('shelf');
    for (const [search, names] of [
      ['sea', ['a', 'c']],
      ['hill', ['b']],
    ] as const) {
      for (const where of [{}, { tags: [{ has: 'red' }] }]) {
        const found = await reader.select(item, { where, search, order: [{ by: 'placed' }], limit: 9 });
        expect(found.map(({ asset }) => asset).sort()).toEqual(names.map(idOf).sort());
        expect(await reader.count(item, { where, search })).toBe(names.length);
      }
    }
  } finally {
    await bench.close();
  }
});
