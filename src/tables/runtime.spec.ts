import { Bench, idOf, item, shelf } from '../../test/support/shelf';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

afterEach(() => bench.close());

const registered = (title: string, ...tags: string[]) => ({ is: 'registered', title, tags }) as const;

describe('a runtime', () => {
  it('lets a writer read what it has just written', async () => {
    const runtime = await bench.runtime();
    await runtime.start();
    const position = await bench.happens('poster', registered('Summer poster', 'summer'));
    expect(await runtime.waitFor(position)).toBe(true);
    const row = await runtime.reader('shelf').get(item, { asset: idOf('poster') });
    expect(row).toMatchObject({ title: 'Summer poster', tags: ['summer'], status: 'draft', placed: position });
  });

  it('finds, pages, counts and groups what is on the shelf, now and then', async () => {
    const runtime = await bench.runtime();
    await bench.happens('a', registered('Summer poster', 'summer', 'print'));
    const then = await bench.happens('b', registered('Winter poster', 'winter'));
    await bench.happens('a', { is: 'changed', title: 'Été à la plage' });
    await bench.happens('a', { is: 'reviewed' });
    await bench.happens('b', { is: 'retired' });
    await runtime.catchUp();
    const reader = runtime.reader('shelf');
    const titles = async (selection: object) =>
      (await reader.select(item, { limit: 10, order: [{ by: 'placed' }], ...selection })).map(({ title }) => title);
    expect(await titles({})).toEqual(['Été à la plage']);
    expect(await titles({ search: 'ete PLA' })).toEqual(['Été à la plage']);
    expect(await titles({ search: 'poster' })).toEqual([]);
    expect(await titles({ search: 'poster', at: { position: then } })).toEqual(['Summer poster', 'Winter poster']);
    expect(await titles({ where: { tags: { has: 'summer' }, status: { eq: 'inReview' } } })).toEqual([
      'Été à la plage',
    ]);
    expect(await titles({ where: { tags: { has: 'winter' } }, at: { position: then } })).toEqual(['Winter poster']);
    expect(await reader.count(item, { at: { position: then } })).toBe(2);
    expect(await reader.group(item, { by: ['status'], sum: ['changes'], limit: 5 })).toEqual([
      { status: 'inReview', count: 1, sum_changes: 1 },
    ]);
  });

  it('rebuilds the same tables', async () => {
    const runtime = await bench.runtime();
    for (let n = 0; n < 30; n++)
      await bench.happens(`a${n % 7}`, n < 7 ? registered(`T${n}`, `t${n % 3}`) : { is: 'changed', title: `U${n}` });
    await runtime.catchUp();
    const live = await runtime.hash();
    const done = await runtime.rebuild({});
    expect(done).toMatchObject({ events: 30, switched: ['shelf'] });
    expect(await runtime.hash()).toEqual(live);
    expect(shelf().version).toBe(1);
  });
});
