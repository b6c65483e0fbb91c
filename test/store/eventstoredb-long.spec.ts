import { openEventStoreDb } from '../../src/store/eventstoredb/adapter';
import type { Address } from '../../src/store/eventstoredb/address';
import { START, type Store } from '../../src/store/store';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';
import { again } from './again';
import { emptyAt, far } from './eventstoredb';
import { event, follow, idsOf, newStream, outcome, whole } from './given';

const TEXT = 'x'.repeat(3_000);
/** Events of one append, which has a limit too. */
const TOGETHER = 250;

const big = (count: number) => Array.from({ length: count }, () => event({ data: { text: TEXT } }));

/** Fills a log that is too long to be read page by page. Returns the ids in order. */
async function fill(store: Store, appends: number, between: () => Promise<unknown> = async () => {}) {
  const ids: string[] = [];
  for (let done = 0; done < appends; done += 1) {
    const batch = big(TOGETHER);
    await store.append(newStream(), 'none', batch);
    ids.push(...idsOf(batch));
    await between();
  }
  return ids;
}

describe('a long log on a shared server', () => {
  let address: Address;
  let store: Store;
  let neighbour: Store;
  let stop: () => Promise<void>;
  let ids: readonly string[];
  beforeAll(async () => {
    const server = await far();
    stop = server.stop;
    address = emptyAt(server.url);
    store = await openEventStoreDb(address);
    neighbour = await openEventStoreDb({ ...address, prefix: `${address.prefix}2` });
    ids = await fill(store, 10, () => neighbour.append(newStream(), 'none', big(100)));
  });
  afterAll(async () => {
    await store.close();
    await neighbour.close();
    await stop();
  });

  test('is read like a short one: whole, in part, and not beyond its end', async () => {
    const log = await whole(store.readAll());
    expect(idsOf(log)).toEqual(ids);
    expect(log.every(({ position }, index) => index === 0 || position > log[index - 1]!.position)).toBe(true);
    const [after, until] = [log[99]!.position, log[2_399]!.position];
    expect(idsOf(await whole(store.readAll({ after })))).toEqual(ids.slice(100));
    expect(idsOf(await whole(store.readAll({ after, until })))).toEqual(ids.slice(100, 2_400));
    expect(idsOf(await whole(store.readAll({ after, limit: 2_201 })))).toEqual(ids.slice(100, 2_301));
    // If the last events of the log are a neighbour's, its end is still found.
    expect(await whole(store.readAll({ after: log.at(-1)!.position }))).toEqual([]);
  });

  test('is read as it was when the read began, whatever is written meanwhile', async () => {
    const last = event({ type: 'LastOne' });
    const seen: string[] = [];
    for await (const page of store.readAll()) {
      if (seen.length === 0) await store.append(newStream(), 'none', [last]);
      seen.push(...idsOf(page));
      expect(page.length).toBeLessThanOrEqual(1_000);
    }
    expect(seen.slice(0, ids.length)).toEqual(ids);
    expect(seen.length - ids.length).toBeLessThanOrEqual(1);
    ids = [...ids, last.id];
  });

  test('is delivered to many concurrent subscribers, each to its end and beyond', async () => {
    const last = event({ type: 'LastOne' });
    let caughtUp = 0;
    const following = Array.from({ length: 12 }, () =>
      follow(store, START, (seen, delivery) => {
        if (delivery.caughtUp && seen.length === ids.length) caughtUp += 1;
        return seen.at(-1)?.id === last.id;
      }),
    );
    await again(async () => expect(caughtUp).toBeGreaterThanOrEqual(12));
    await store.append(newStream(), 'none', [last]);
    ids = [...ids, last.id];
    for (const seen of await Promise.all(following)) expect(idsOf(seen)).toEqual(ids);
  });

  test('has its last event found by a new connection, before many events of a neighbour', async () => {
    await neighbour.append(newStream(), 'none', big(TOGETHER));
    for (let done = 0; done < 5; done += 1) await neighbour.append(newStream(), 'none', big(TOGETHER));
    const fresh = await openEventStoreDb(address);
    const head = await fresh.head();
    expect((await whole(store.readAll())).at(-1)!.position).toBe(head);
    const { position } = await store.append(newStream(), 'none', [event()]);
    expect([await fresh.head(), await store.head()]).toEqual([position, position]);
    await fresh.close();
  });

  test('can be abandoned at any page', async () => {
    for (const enough of [1, 600, 1_500]) {
      let seen = 0;
      for await (const page of store.readAll()) {
        seen += page.length;
        if (seen >= enough) break;
      }
      expect(seen).toBeGreaterThanOrEqual(enough);
    }
  });
});

describe('a long read', () => {
  let server: FarEnd;
  let store: Store;
  let ids: readonly string[];
  beforeAll(async () => {
    server = await startFarEnd();
    store = await openEventStoreDb(emptyAt(server.url), { quietMs: 100 });
    ids = await fill(store, 16);
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  test.each<readonly [what: string, wrong: () => unknown]>([
    ['the server says nothing more', () => server.faults.silenceSubscriptions()],
    ['the server ends it as if there were nothing more', () => server.faults.endSubscriptions()],
    ['the server takes it for too slow', () => server.faults.dropSubscriptions()],
    ['the server claims to have come further than it has', () => server.faults.sendCheckpoint(server.log.end + 1e6)],
    ['the connection is cut', () => server.faults.resetConnections()],
  ])('continues where it was when %s', async (_what, wrong) => {
    const seen: string[] = [];
    let left = 2;
    for await (const page of store.readAll()) {
      seen.push(...idsOf(page));
      left -= 1;
      if (left === 0) wrong();
    }
    expect(seen).toEqual(ids);
  });

  test('uses calls if no subscription is confirmed', async () => {
    server.faults.stall('subscribe');
    expect(idsOf(await whole(store.readAll()))).toEqual(ids);
    server.faults.heal();
  });

  test('fails with an error if the server goes away for good', async () => {
    let left = 2;
    const reading = async () => {
      for await (const _ of store.readAll()) {
        left -= 1;
        if (left === 0) await server.stop();
      }
    };
    expect(await outcome(reading())).toEqual({ error: 'Unavailable' });
    await server.start();
    expect(idsOf(await again(() => whole(store.readAll())))).toEqual(ids);
  });
});
