import { randomUUID } from 'node:crypto';
import { openEventStoreDb } from '../../src/store/eventstoredb/adapter';
import type { Address } from '../../src/store/eventstoredb/address';
import { START, type Store } from '../../src/store/store';
import { emptyAt, far } from './eventstoredb';
import { event, events, follow, idsOf, newStream, pages, whole } from './given';

/** A position that was never issued, near one that was. */
const near = (position: string, by: bigint): string => (BigInt(position) + by).toString().padStart(START.length, '0');

describe('a shared server', () => {
  let url: string;
  let stop: () => Promise<void>;
  let address: Address;
  let store: Store;
  let neighbour: Store;
  beforeEach(async () => {
    ({ url, stop } = await far());
    address = emptyAt(url);
    store = await openEventStoreDb(address);
    // Its name begins like ours: only the separator distinguishes the two.
    neighbour = await openEventStoreDb({ ...address, prefix: `${address.prefix}2` });
  });
  afterEach(async () => {
    await store.close();
    await neighbour.close();
    await stop();
  });

  /** Appends our events and the neighbour's in turns; returns ours. */
  async function mixed(turns: number, ours = 1, theirs = 3): Promise<readonly string[]> {
    const [mine, other] = [newStream(), newStream()];
    const ids: string[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const batch = events(ours);
      await store.append(mine, turn === 0 ? 'none' : turn * ours - 1, batch);
      await neighbour.append(other, turn === 0 ? 'none' : turn * theirs - 1, events(theirs));
      ids.push(...idsOf(batch));
    }
    return ids;
  }

  test('shows none of their events, and none of its own', async () => {
    const ids = await mixed(10);
    const read = await whole(store.readAll());
    expect(idsOf(read)).toEqual(ids);
    expect(new Set(read.map(({ stream }) => stream)).size).toBe(1);
    expect(read[0]!.stream).toMatch(/^asset-/);
    expect(await whole(neighbour.readAll())).toHaveLength(30);
  });

  test('finds our last event, however much they write after it', async () => {
    await mixed(3);
    const last = (await whole(store.readAll())).at(-1)!;
    expect(await store.head()).toBe(last.position);
    for (let round = 0; round < 3; round += 1) {
      await neighbour.append(newStream(), 'none', events(700));
      expect(await store.head()).toBe(last.position);
    }
    const reopened = await openEventStoreDb(address);
    expect(await reopened.head()).toBe(last.position);
    const { position } = await reopened.append(newStream(), 'none', events(2));
    expect(await store.head()).toBe(position);
    await reopened.close();
  });

  test('counts only our events towards a limit, and stops where requested', async () => {
    const ids = await mixed(12, 2, 40);
    const log = await whole(store.readAll());
    expect(idsOf(await whole(store.readAll({ limit: 5 })))).toEqual(ids.slice(0, 5));
    expect(idsOf(await whole(store.readAll({ after: log[3]!.position, limit: 6 })))).toEqual(ids.slice(4, 10));
    expect(idsOf(await whole(store.readAll({ until: log[9]!.position })))).toEqual(ids.slice(0, 10));
    expect(idsOf(await whole(store.readAll({ after: log.at(-1)!.position })))).toEqual([]);
  });

  test('is read through, page by page, if theirs are many more than ours', async () => {
    const ids = await mixed(4, 300, 900);
    const read = await pages(store.readAll());
    expect(idsOf(read.flat())).toEqual(ids);
    expect(read.every(({ length }) => length > 0 && length <= 1_000)).toBe(true);
  });

  test('continues after a position that was never issued, from any starting point', async () => {
    const ids = await mixed(6, 2, 2);
    const log = await whole(store.readAll());
    const fresh = await openEventStoreDb(address);
    for (const reader of [store, fresh]) {
      for (const [index, { position }] of log.entries()) {
        expect(idsOf(await whole(reader.readAll({ after: near(position, -1n) })))).toEqual(ids.slice(index));
        expect(idsOf(await whole(reader.readAll({ after: near(position, 1n) })))).toEqual(ids.slice(index + 1));
        const range = { after: log[0]!.position, until: near(position, -1n) };
        expect(idsOf(await whole(reader.readAll(range)))).toEqual(ids.slice(1, Math.max(1, index)));
      }
      expect(await whole(reader.readAll({ after: near(log.at(-1)!.position, 1_000_000_000n) }))).toEqual([]);
    }
    expect(idsOf(await whole(store.readAll({ after: near(START, 1n) })))).toEqual(ids);
    await fresh.close();
  });

  test('sends a subscriber only our events, also from a position that was never issued, and live', async () => {
    const before = await mixed(5, 2, 30);
    const log = await whole(store.readAll());
    const last = event({ type: 'LastOne' });
    const ended = (seen: readonly { readonly id: string }[]) => seen.at(-1)?.id === last.id;
    const following = [START, log[2]!.position, near(log[4]!.position, 7n)].map((after) => follow(store, after, ended));
    const during = await mixed(5, 2, 30);
    await store.append(newStream(), 'none', [last]);
    const all = [...before, ...during, last.id];
    const seen = (await Promise.all(following)).map(idsOf);
    expect(seen).toEqual([all, all.slice(3), all.slice(5)]);
  });

  test('sends a subscriber nothing before its starting position, even if the log has not reached it yet', async () => {
    const ahead = near((await store.append(newStream(), 'none', events(1))).position, 5_000n);
    const late = event({ type: 'LastOne', data: { text: 'x'.repeat(10_000) } });
    const following = follow(store, ahead, (seen) => seen.length > 0);
    await store.append(newStream(), 'none', events(2));
    await store.append(newStream(), 'none', [late]);
    const { position } = await store.append(newStream(), 'none', [event({ id: randomUUID() })]);
    const [first] = await following;
    expect(first!.position > ahead).toBe(true);
    expect(first!.position <= position).toBe(true);
  });
});
