import fc from 'fast-check';
import { openEventStoreDb, openEventStoreDbTarget } from '../../src/store/eventstoredb/adapter';
import { parseAddress } from '../../src/store/eventstoredb/address';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { steps } from '../laws/model';
import { emptyAt, far } from '../store/eventstoredb';
import { events, newStream, whole } from '../store/given';
import { startFarEnd } from '../support/eventstoredb/server';
import { answers, inHouse, move, SYNCHRONOUS, told } from './houses';

const ticks = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 10 });

describe('a log that moved to a server', () => {
  it('is the same there and after its return, and answers every question about the past as before', async () => {
    const server = await far();
    const property = fc.asyncProperty(steps(), steps(8), ticks, async (history, later, clock) => {
      await inHouse(async (house) => {
        await house.lives(history);
        const address = emptyAt(server.url);
        const target = await openEventStoreDbTarget(address);
        const there = await move(house.store, target);
        expect(there).toMatchObject({ same: true, copied: history.length });
        await target.close();
        const store = await openEventStoreDb(address);
        expect((await whole(store.readAll())).map(told)).toEqual((await whole(house.store.readAll())).map(told));
        expect(await answers(house, store, 'there')).toEqual(await answers(house, house.store, 'here'));
        await house.lives(later);
        const again = await openEventStoreDbTarget(address);
        const caughtUp = await move(house.store, again);
        expect(caughtUp).toMatchObject({ same: true, copied: later.length });
        await again.close();
        const { file, target: home } = house.empty();
        expect(await move(store, home)).toMatchObject({ same: true, target: caughtUp.source });
        await home.close();
        const back = openSqliteStore(file, SYNCHRONOUS);
        expect(await whole(back.readAll())).toEqual(await whole(house.store.readAll()));
        await back.close();
        await store.close();
      }, clock);
    });
    await fc.assert(property, { numRuns: 6 });
    await server.stop();
  }, 120_000);

  it('keeps the order of the source, however many appends are in flight at once', async () => {
    const server = await far();
    await inHouse(async (house) => {
      const streams = Array.from({ length: 40 }, () => newStream());
      for (let round = 0; round < 12; round += 1) {
        for (const stream of streams) {
          await house.store.append(stream, round === 0 ? 'none' : round * 2 - 1, events(2));
        }
      }
      const target = await openEventStoreDbTarget(emptyAt(server.url));
      expect(await move(house.store, target)).toMatchObject({ same: true, copied: 960 });
      await target.close();
    });
    await server.stop();
  }, 60_000);
});

describe('a server that fails in the middle of a copy', () => {
  const STREAMS = 1_000;

  /** A copy to a server of its own, at which a fault occurs after a number of events. */
  async function disturbed(after: number, disturb: (server: Awaited<ReturnType<typeof startFarEnd>>) => Promise<void>) {
    const server = await startFarEnd();
    await inHouse(async (house) => {
      for (let count = 0; count < STREAMS; count += 1) await house.store.append(newStream(), 'none', events(1));
      const address = parseAddress(server.url, {});
      const target = await openEventStoreDbTarget(address);
      const watch = await openEventStoreDb(address);
      const stop = new AbortController();
      const watching = (async () => {
        let seen = 0;
        for await (const delivery of watch.subscribe({ after: '0'.repeat(20), signal: stop.signal })) {
          seen += delivery.events.length;
          if (seen >= after) break;
        }
        await disturb(server);
      })();
      let asked = 0;
      const counted: typeof target = {
        ...target,
        receive(group) {
          asked += 1;
          return target.receive(group);
        },
      };
      expect(await move(house.store, counted)).toMatchObject({ same: true, copied: STREAMS });
      // One group holds them all: it was repeated because it was not answered the first time.
      expect(asked).toBeGreaterThan(1);
      await watching;
      stop.abort();
      await target.close();
      await watch.close();
    });
    await server.stop();
  }

  it(
    'loses and doubles nothing where its answers are lost',
    () => disturbed(1, async ({ faults }) => faults.loseAcknowledgements(3, 'reset')),
    60_000,
  );

  it(
    'loses and doubles nothing where connections break',
    () => disturbed(100, async ({ faults }) => faults.resetConnections()),
    60_000,
  );

  it(
    'loses and doubles nothing where it is killed and started again',
    () =>
      disturbed(50, async (server) => {
        await server.stop();
        await server.start();
      }),
    60_000,
  );
});
