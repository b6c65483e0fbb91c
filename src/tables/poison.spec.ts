import { Bench, eventOf, idOf, item, shelf } from '../../test/support/shelf';
import { RebuildPoisoned } from './rebuild';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

afterEach(() => bench.close());

const registered = (title: string) => ({ is: 'registered', title, tags: ['t'] }) as const;

describe('an event that cannot be folded', () => {
  it('stops its projection just before it and no other, and says where and why', async () => {
    const projections = [shelf({ name: 'strict', poison: 'Bad' }), shelf({ name: 'easy' })];
    const runtime = await bench.runtime({ projections });
    const good = await bench.happens('a', registered('Good'));
    const bad = await bench.happens('b', registered('Bad'));
    const last = await bench.happens('c', registered('Later'));
    await runtime.catchUp();
    const [strict, easy] = await runtime.progress();
    expect(strict).toMatchObject({
      name: 'strict',
      status: 'poisoned',
      position: good,
      poison: {
        position: bad,
        stream: `asset-${idOf('b')}`,
        type: 'AssetRegistered',
        message: 'this title cannot be shelved',
      },
    });
    expect(easy).toMatchObject({ name: 'easy', status: 'live', position: last });
    const rows = await runtime.reader('strict').select(item, { limit: 9 });
    expect(rows.map(({ title }) => title)).toEqual(['Good']);
  });

  it('stops no other projection where all are built from a long log, and nothing answers yet', async () => {
    const projections = [shelf({ name: 'strict', poison: 'Bad' }), shelf({ name: 'easy' })];
    const good = await bench.happens('a', registered('Good'));
    const bad = await bench.happens('b', registered('Bad'));
    const changes = Array.from({ length: 2_500 }, (_, n) =>
      eventOf({ is: 'changed', title: `${n}` }, idOf(`change ${n}`), '2026-01-01T00:00:00.000Z'),
    );
    for (let at = 0; at < changes.length; at += 500)
      await bench.store.append(`asset-${idOf('a')}`, at, changes.slice(at, at + 500));
    const runtime = await bench.runtime({ projections });
    await runtime.start();
    await runtime.catchUp();
    const last = await bench.store.head();
    expect(await runtime.progress()).toMatchObject([
      { name: 'strict', status: 'poisoned', position: expect.stringMatching(/^\d{20}$/), poison: { position: bad } },
      { name: 'easy', status: 'live', position: last },
    ]);
    expect((await runtime.reader('strict').select(item, { limit: 9 })).map(({ title }) => title)).toEqual(['Good']);
    expect(await runtime.reader('easy').count(item, {})).toBe(2);
    expect(Number(good)).toBeLessThan(Number(bad));
    // Whoever rebuilds is told, and keeps what answered so far; the other is switched.
    await expect(runtime.rebuild()).rejects.toThrow(RebuildPoisoned);
    expect(await runtime.reader('strict').count(item, {})).toBe(1);
  });

  it('lets no caller wait for a position that will not be reached', async () => {
    const runtime = await bench.runtime({
      projections: [shelf({ name: 'strict', poison: 'Bad' }), shelf({ name: 'easy' })],
    });
    await runtime.start();
    const bad = await bench.happens('b', registered('Bad'));
    expect(await runtime.waitFor(bad, { projections: ['strict'] })).toBe(false);
    expect(await runtime.waitFor(bad, { projections: ['easy'] })).toBe(true);
  });

  it('is folded by a mended version, which replaces the old tables', async () => {
    const before = await bench.runtime({ projections: [shelf({ poison: 'Bad' })] });
    await bench.happens('a', registered('Good'));
    await bench.happens('b', registered('Bad'));
    await before.catchUp();
    await expect(before.rebuild()).rejects.toThrow(RebuildPoisoned);
    await before.stop();
    const after = await bench.runtime({ projections: [shelf({ version: 2 })] });
    await after.start();
    await after.catchUp();
    expect(await after.progress()).toMatchObject([{ version: 2, status: 'live' }]);
    expect(await after.reader('shelf').count(item, {})).toBe(2);
  });

  it('stops every projection if its type is unknown', async () => {
    const runtime = await bench.runtime({ projections: [shelf({ name: 'one' }), shelf({ name: 'two' })] });
    const good = await bench.happens('a', registered('Good'));
    const unknown = {
      ...eventOf(registered('x'), idOf('unknown'), '2026-01-01T00:00:00.000Z'),
      type: 'AssetTeleported',
    };
    await bench.append(`asset-${idOf('b')}`, unknown);
    await bench.happens('c', registered('Later'));
    await runtime.catchUp();
    for (const each of await runtime.progress()) {
      expect(each).toMatchObject({ status: 'poisoned', position: good, poison: { type: 'AssetTeleported' } });
    }
  });

  it('stops its projection when a fold writes what a column cannot hold', async () => {
    const faulty = shelf();
    const on = {
      ...faulty.on,
      AssetRetired: (event: { stream: string }, rows: { item: { put(row: object): void } }) => {
        rows.item.put({ asset: event.stream.slice(6), title: 'half a row' });
      },
    } as unknown as typeof faulty.on;
    const runtime = await bench.runtime({ projections: [{ ...faulty, on }] });
    const good = await bench.happens('a', registered('Good'));
    await bench.happens('a', { is: 'retired' });
    await runtime.catchUp();
    const [progress] = await runtime.progress();
    expect(progress).toMatchObject({ status: 'poisoned', position: good });
    expect(progress!.poison!.message).toBe('column status holds word, not undefined');
    expect(await runtime.reader('shelf').get(item, { asset: idOf('a') })).toMatchObject({ title: 'Good' });
  });
});
