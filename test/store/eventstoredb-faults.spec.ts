import type { NewEvent, RecordedEvent } from '../../src/domain/event';
import { openEventStoreDb } from '../../src/store/eventstoredb/adapter';
import type { Timers } from '../../src/store/eventstoredb/timer';
import { type Appended, type ExpectedRevision, START, type Store } from '../../src/store/store';
import type { Loss } from '../support/eventstoredb/faults';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';
import { again, surely as appendSurely, silence } from './again';
import { emptyAt } from './eventstoredb';
import { event, events, follow, idsOf, newStream, outcome, whole } from './given';

/** Production timeouts, scaled down so that nobody waits for seconds. */
const SHORT: Partial<Timers> = {
  appendMs: 500,
  confirmMs: 500,
  idleMs: 100,
  backOffMs: 5,
  longestBackOffMs: 50,
};

/** Longer than the timeout of a subscription. */
const TWO_CONFIRMATIONS_MS = 1_000;

let far: FarEnd;
let store: Store;
beforeEach(async () => {
  far = await startFarEnd();
  store = await openEventStoreDb(emptyAt(far.url), SHORT);
});
afterEach(async () => {
  await store.close();
  await far.stop();
});

const surely = (stream: string, expected: ExpectedRevision, batch: readonly NewEvent[]): Promise<Appended> =>
  appendSurely(store, stream, expected, batch);

async function expectOnce(stream: string, written: readonly NewEvent[], answer: Appended): Promise<void> {
  const read = await whole(store.readStream(stream));
  expect(idsOf(read)).toEqual(idsOf(written));
  expect(answer).toEqual({ revision: read.at(-1)!.revision, position: read.at(-1)!.position });
}

describe.each<Loss>(['silence', 'reset'])('a lost acknowledgement (%s)', (how) => {
  test.each([
    ['the first event of a stream', 1, 0],
    ['the first events of a stream', 3, 0],
    ['one more event', 1, 2],
    ['several more events', 4, 2],
  ])('leaves %s written once, with the right answer', async (_what, count, before) => {
    const stream = newStream();
    const there = events(before);
    if (before > 0) await store.append(stream, 'none', there);
    far.faults.loseAcknowledgements(2, how);
    const batch = events(count);
    const expected = before === 0 ? 'none' : before - 1;
    expect(await outcome(store.append(stream, expected, batch))).toEqual({ error: 'UnknownOutcome' });
    await expectOnce(stream, [...there, ...batch], await surely(stream, expected, batch));
  });

  test('does not hide the conflict from the next writer of the stream', async () => {
    const stream = newStream();
    far.faults.loseAcknowledgements(1, how);
    await outcome(store.append(stream, 'none', events(2)));
    expect(await outcome(surely(stream, 'none', events(1)))).toEqual({ error: 'Conflict', actual: 1 });
  });
});

describe('a misbehaving server', () => {
  test('that is silent for 20 seconds keeps nobody waiting longer than the caller’s timeout, and nothing is written twice', async () => {
    await store.append(newStream(), 'none', events(1));
    const stream = newStream();
    far.faults.stall('append', 'read', 'subscribe', 'features');
    const batch = events(2);
    expect(await outcome(store.append(stream, 'none', batch))).toEqual({ error: 'UnknownOutcome' });
    const hasty = await openEventStoreDb(emptyAt(far.url), { readMs: 500 });
    expect(await outcome(whole(hasty.readStream(stream)))).toEqual({ error: 'Unavailable' });
    expect(await outcome(hasty.head())).toEqual({ error: 'Unavailable' });
    await hasty.close();
    far.faults.heal();
    await expectOnce(stream, batch, await surely(stream, 'none', batch));
  });

  test('that is overloaded or has just started is asked again', async () => {
    await store.append(newStream(), 'none', events(1));
    for (const refuse of [() => far.faults.refuseAsOverloaded(), () => far.faults.refuseReadiness()]) {
      const [stream, batch] = [newStream(), events(1)];
      refuse();
      expect(await outcome(store.append(stream, 'none', batch))).toEqual({ error: 'UnknownOutcome' });
      far.faults.heal();
      await expectOnce(stream, batch, await surely(stream, 'none', batch));
    }
  });

  test('that denies access is reported, and nobody waits for it', async () => {
    await store.append(newStream(), 'none', events(1));
    far.faults.refuseCredentials();
    const said = { name: 'Unavailable', message: expect.stringContaining('credentials') };
    await expect(store.append(newStream(), 'none', events(1))).rejects.toMatchObject(said);
    await expect(store.head()).rejects.toMatchObject(said);
    await expect(follow(store, START, () => false)).rejects.toMatchObject(said);
  });

  test('that is no longer the leader is replaced by the leader', async () => {
    const other = await startFarEnd({ log: far.log });
    const stream = newStream();
    await store.append(stream, 'none', events(1));
    far.faults.follow({ host: '127.0.0.1', port: other.port });
    const batch = events(2);
    const answer = await surely(stream, 0, batch);
    expect(answer.revision).toBe(2);
    expect(idsOf(await whole(store.readStream(stream, { after: 0 })))).toEqual(idsOf(batch));
    await far.stop();
    expect((await surely(stream, 2, events(1))).revision).toBe(3);
    await store.close();
    await other.stop();
    await far.start();
  });
});

describe('a server known to be unreachable', () => {
  test('gets no append, so that no outcome is unknown, until it answers a probe', async () => {
    const [stream, batch] = [newStream(), events(1)];
    await store.append(newStream(), 'none', events(1));
    await far.stop();
    expect(await outcome(store.append(stream, 'none', batch))).toEqual({ error: 'UnknownOutcome' });
    // From now on it is known, whichever stream is written to.
    for (const other of [stream, newStream()]) {
      expect(await outcome(store.append(other, 'none', batch))).toEqual({ error: 'Unavailable' });
    }
    await far.start();
    await expectOnce(stream, batch, await surely(stream, 'none', batch));
  });

  test('is detected by a read as well as by an append', async () => {
    const stream = newStream();
    await store.append(stream, 'none', events(1));
    await far.stop();
    expect(await outcome(store.head())).toEqual({ error: 'Unavailable' });
    expect(await outcome(store.append(stream, 0, events(1)))).toEqual({ error: 'Unavailable' });
  });
});

describe('a server that is killed and restarted', () => {
  test('under 16 writers holds what it acknowledged, once', async () => {
    const acknowledged: (Appended & { readonly id: string })[] = [];
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      const stream = newStream();
      let expected: ExpectedRevision = 'none';
      for (let round = 0; round < 25; round += 1) {
        const batch = events(1 + ((writer + round) % 3));
        const answer: Appended = await surely(stream, expected, batch);
        acknowledged.push({ ...answer, id: batch.at(-1)!.id });
        expected = answer.revision;
      }
    });
    const kills = (async () => {
      for (const enough of [40, 120, 250]) {
        await again(async () => expect(acknowledged.length).toBeGreaterThanOrEqual(enough));
        await far.stop();
        await far.start();
      }
    })();
    await Promise.all([...writers, kills]);
    const log = await whole(store.readAll());
    expect(new Set(idsOf(log)).size).toBe(log.length);
    expect(acknowledged).toHaveLength(16 * 25);
    const byId = new Map(log.map((read) => [read.id, read]));
    for (const { id, revision, position } of acknowledged) expect(byId.get(id)).toMatchObject({ revision, position });
  });

  test('fails a concurrent read with an error, and can be read again afterwards', async () => {
    await store.append(newStream(), 'none', events(3));
    await far.stop();
    expect(await outcome(whole(store.readAll()))).toEqual({ error: 'Unavailable' });
    await far.start();
    expect(await again(() => whole(store.readAll()))).toHaveLength(3);
  });
});

describe('a subscriber', () => {
  /** What a subscriber receives from the beginning until an event of this type. */
  const seenBy = async (last: NewEvent): Promise<readonly string[]> =>
    (await follow(store, START, (seen) => seen.at(-1)?.id === last.id)).map(({ position }) => position);

  /** Two subscribers follow while a fault occurs between the first and the last event. */
  async function throughout(wrong: (stream: string) => Promise<void>): Promise<void> {
    const [stream, last] = [newStream(), event({ type: 'LastOne' })];
    await store.append(stream, 'none', events(2));
    const following = [seenBy(last), seenBy(last)];
    let live: readonly RecordedEvent[] = [];
    live = await follow(store, START, (seen) => seen.length === 2);
    expect(live).toHaveLength(2);
    await wrong(stream);
    await surely(newStream(), 'none', [last]);
    const log = (await whole(store.readAll())).map(({ position }) => position);
    for (const seen of following) expect(await seen).toEqual(log);
  }

  const more = async (stream: string, expected = 1) => void (await surely(stream, expected, events(3)));

  test('resumes when its subscription falls silent', () =>
    throughout(async (stream) => {
      far.faults.silenceSubscriptions();
      await more(stream);
    }));

  test('resumes when its subscription ends without an error', () =>
    throughout(async (stream) => {
      far.faults.endSubscriptions();
      await more(stream);
    }));

  test('resumes when its subscription is dropped, once or repeatedly', () =>
    throughout(async (stream) => {
      for (let round = 0; round < 10; round += 1) {
        far.faults.dropSubscriptions();
        await more(stream, 1 + 3 * round);
      }
    }));

  test('misses nothing in bursts of 500 events', () =>
    throughout(async (stream) => {
      for (let round = 0; round < 8; round += 1) await surely(stream, 1 + 500 * round, events(500));
    }));

  test('ignores a checkpoint that is ahead of the events', () =>
    throughout(async (stream) => {
      far.faults.sendCheckpoint(far.log.end + 1_000_000);
      far.faults.endSubscriptions();
      await more(stream);
    }));

  test('resumes when its connection is cut, or the server was down', () =>
    throughout(async (stream) => {
      far.faults.resetConnections();
      await more(stream);
      await far.stop();
      await far.start();
      await more(stream, 4);
    }));

  test('resumes when the server confirms its subscription and is then silent for a while', () =>
    throughout(async (stream) => {
      far.faults.stall('subscribe', 'read');
      far.faults.endSubscriptions();
      await more(stream);
      await silence(TWO_CONFIRMATIONS_MS);
      far.faults.heal();
    }));
});

describe('two stores in one process', () => {
  test('do not take answers from each other', async () => {
    const otherFar = await startFarEnd();
    const other = await openEventStoreDb(emptyAt(otherFar.url), SHORT);
    const [mine, theirs] = [newStream(), newStream()];
    const batches = Array.from({ length: 60 }, () => events(1));
    const steadily = async () => {
      for (const [index, batch] of batches.entries())
        await other.append(theirs, index === 0 ? 'none' : index - 1, batch);
    };
    const interrupted = async () => {
      for (let round = 0; round < 10; round += 1) {
        far.faults.resetConnections();
        await surely(mine, round === 0 ? 'none' : round - 1, events(1));
      }
    };
    await Promise.all([steadily(), interrupted()]);
    expect(idsOf(await whole(other.readStream(theirs)))).toEqual(idsOf(batches.flat()));
    await other.close();
    await otherFar.stop();
  });
});
