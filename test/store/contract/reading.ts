import { Invalid, START } from '../../../src/store/store';
import type { Chapter } from '../contract';
import { event, events, idsOf, metadata, newStream, pages, whole } from '../given';

/** S4, S5, S6, S8, S10, S11: what readers see. */
export const reading: Chapter = {
  'finds nothing in an empty log, and no page for an unknown stream': async (opened) => {
    const { store } = opened;
    expect(await store.head()).toBe(START);
    expect(await pages(store.readAll())).toEqual([]);
    expect(await pages(store.readStream(newStream()))).toEqual([]);
  },

  'returns the log in position order, all positions of one width, the head being the last': async (opened) => {
    const { store } = opened;
    for (let index = 0; index < 5; index += 1) await store.append(newStream(), 'none', events(3));
    const positions = (await whole(store.readAll())).map(({ position }) => position);
    expect(positions).toHaveLength(15);
    expect(positions).toEqual([...new Set(positions)].sort());
    expect(new Set(positions.map(({ length }) => length))).toEqual(new Set([START.length]));
    expect(await store.head()).toBe(positions.at(-1));
  },

  'begins after `after`, ends with `until`, and stops at `limit`': async (opened) => {
    const { store } = opened;
    await store.append(newStream(), 'none', events(6));
    const log = await whole(store.readAll());
    const [after, until] = [log[1]!.position, log[4]!.position];
    expect(await whole(store.readAll({ after }))).toEqual(log.slice(2));
    expect(await whole(store.readAll({ until }))).toEqual(log.slice(0, 5));
    expect(await whole(store.readAll({ after, until }))).toEqual(log.slice(2, 5));
    expect(await whole(store.readAll({ after, limit: 2 }))).toEqual(log.slice(2, 4));
    expect(await whole(store.readAll({ after: until, until: after }))).toEqual([]);
    expect(await whole(store.readAll({ after: log[5]!.position }))).toEqual([]);
  },

  'returns, if it can, the events of one type in log order': async (opened) => {
    const { store } = opened;
    const types = ['VersionAdded', 'ReviewRequested', 'VersionAdded', 'AssetRetired'];
    for (let index = 0; index < 3; index += 1) {
      await store.append(
        newStream(),
        'none',
        types.map((type) => event({ type, metadata: metadata({ tool: `tool ${index}` }) })),
      );
    }
    const log = await whole(store.readAll());
    const [after, until] = [log[2]!.position, log[9]!.position];
    for (const type of [...types, 'AssetBurnt', '']) {
      const asked = (from: number, to: number) => log.slice(from, to).filter((each) => each.type === type);
      if (store.readType === undefined) continue;
      const read = (range?: object) => whole(store.readType!(type, range));
      expect(await read()).toEqual(asked(0, 12));
      expect(await read({ after })).toEqual(asked(3, 12));
      expect(await read({ after, until })).toEqual(asked(3, 10));
      expect(await read({ after: until, until: after })).toEqual([]);
    }
  },

  'begins a stream after the revision `after`': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    await store.append(stream, 'none', events(4));
    await store.append(newStream(), 'none', events(2));
    const read = await whole(store.readStream(stream));
    expect(await whole(store.readStream(stream, { after: 1 }))).toEqual(read.slice(2));
    expect(await whole(store.readStream(stream, { after: 3 }))).toEqual([]);
  },

  'returns at most `limit` events of a stream': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    await store.append(stream, 'none', events(1_000));
    await store.append(stream, 999, events(5));
    const read = await whole(store.readStream(stream));
    expect(await whole(store.readStream(stream, { limit: 2 }))).toEqual(read.slice(0, 2));
    expect(await whole(store.readStream(stream, { after: 1, limit: 1 }))).toEqual(read.slice(2, 3));
    expect(await whole(store.readStream(stream, { after: 1, limit: 1_001 }))).toEqual(read.slice(2, 1_003));
    expect(await whole(store.readStream(stream, { after: 1_003, limit: 9 }))).toEqual(read.slice(1_004));
    expect(await whole(store.readStream(stream, { limit: 0 }))).toEqual([]);
  },

  'returns at most 1,000 events per page, and all of them': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    const batches = [events(1_000), events(1_000), events(500)];
    let expected: number | 'none' = 'none';
    for (const batch of batches) expected = (await store.append(stream, expected, batch)).revision;
    const ofType = store.readType?.('VersionAdded') ?? store.readAll();
    for (const source of [store.readAll(), store.readStream(stream), ofType]) {
      const read = await pages(source);
      expect(Math.max(...read.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
      expect(idsOf(read.flat())).toEqual(idsOf(batches.flat()));
    }
  },

  'refuses an invalid position': async (opened) => {
    const { store } = opened;
    await expect(whole(store.readAll({ after: 'yesterday' }))).rejects.toBeInstanceOf(Invalid);
    await expect(whole(store.readAll({ until: '12' }))).rejects.toBeInstanceOf(Invalid);
  },

  'is prefix-stable: every earlier read is a prefix of a later one': async (opened) => {
    const { store } = opened;
    let writing = true;
    const storm = Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let index = 0; index < 20; index += 1) await store.append(newStream(), 'none', events(2));
      }),
    ).finally(() => {
      writing = false;
    });
    const readings: (readonly string[])[] = [];
    while (writing) readings.push((await whole(store.readAll())).map(({ id, position }) => `${position} ${id}`));
    await storm;
    const final = (await whole(store.readAll())).map(({ id, position }) => `${position} ${id}`);
    expect(final).toHaveLength(320);
    expect(readings.length).toBeGreaterThan(0);
    for (const seen of readings) expect(seen).toEqual(final.slice(0, seen.length));
  },

  'reads and extends a stream whose first event is not number 0': async (opened) => {
    const { store, beginAt } = opened;
    const stream = newStream();
    await beginAt(stream, 5);
    expect((await whole(store.readStream(stream))).map(({ revision }) => revision)).toEqual([5]);
    await expect(store.append(stream, 'none', events(1))).rejects.toMatchObject({ name: 'Conflict', actual: 5 });
    expect((await store.append(stream, 5, events(2))).revision).toBe(7);
    expect((await whole(store.readStream(stream))).map(({ revision }) => revision)).toEqual([5, 6, 7]);
  },

  'states by its own clock when each event was recorded': async (opened) => {
    const { store } = opened;
    const before = new Date().toISOString();
    await store.append(newStream(), 'none', events(1));
    const [{ recordedAt } = { recordedAt: '' }] = await whole(store.readAll());
    expect(recordedAt >= before && recordedAt <= new Date().toISOString()).toBe(true);
    expect(new Date(recordedAt).toISOString()).toBe(recordedAt);
  },
};
