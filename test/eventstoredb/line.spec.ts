import { InOrderStore } from '../../src/connectors/recording/inorder';
import type { NewEvent, RecordedEvent } from '../../src/domain/event';
import { openEventStoreDb } from '../../src/store/eventstoredb/adapter';
import { type Appended, type ExpectedRevision, START, type Store, Unavailable } from '../../src/store/store';
import { again, silence, surely } from '../store/again';
import { emptyAt } from '../store/eventstoredb';
import { event, events, follow, idsOf, newStream, outcome, whole } from '../store/given';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';
import { Line } from '../support/line';
import { operate } from './server';

/** With the address of a real server the faults occur on the connection to that one, with production timeouts. */
const { EVENTSTORE_URL: REAL, KILL_EVENTSTORE: KILL, START_EVENTSTORE: START_AGAIN } = process.env;
const CLOCKS = REAL ? {} : { appendMs: 1_000, confirmMs: 1_000, idleMs: 500, longestBackOffMs: 50 };
const STALL_MS = REAL ? 20_000 : 2_000;
const ROUNDS = REAL ? 200 : 30;
const BURSTS = REAL ? 6 : 3;
const WRITERS = 16;

let far: FarEnd | undefined;
let line: Line;
let store: Store;

beforeAll(async () => {
  far = REAL ? undefined : await startFarEnd();
});
afterAll(() => far?.stop());
beforeEach(async () => {
  line = await Line.to(REAL ?? far!.url);
  store = await openEventStoreDb(emptyAt(line.url), CLOCKS);
});
afterEach(async () => {
  await store.close();
  await line.close();
});

interface Acknowledged extends Appended {
  readonly ids: readonly string[];
}

/** Writers on separate streams; each waits for its answer before the next append. */
async function storm(onAcknowledged: (count: number) => void): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  const write = async (_: unknown, writer: number) => {
    const stream = newStream();
    let expected: ExpectedRevision = 'none';
    for (let round = 0; round < ROUNDS; round += 1) {
      const batch = events(1 + ((writer + round) % 3));
      const answer: Appended = await surely(store, stream, expected, batch);
      expected = answer.revision;
      acknowledged.push({ ...answer, ids: idsOf(batch) });
      onAcknowledged(acknowledged.length);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return acknowledged;
}

/** Everything acknowledged is where the answer says, occurs once, and nothing else exists. */
async function expectAccounted(acknowledged: readonly Acknowledged[]): Promise<void> {
  const log = await whole(store.readAll());
  const place = new Map(log.map(({ id, position, revision }) => [id, { position, revision }]));
  expect(log.length).toBe(acknowledged.flatMap(({ ids }) => ids).length);
  expect(place.size).toBe(log.length);
  for (const { ids, position, revision } of acknowledged)
    expect(place.get(ids.at(-1)!)).toEqual({ position, revision });
}

/** What a subscriber receives up to this event. On Unavailable, it resumes after the last event received. */
async function seenUntil(last: NewEvent, after: string = START, onCaughtUp = () => {}): Promise<readonly string[]> {
  const seen: RecordedEvent[] = [];
  const goOn = async () => {
    await follow(store, seen.at(-1)?.position ?? after, (_, { events: page, caughtUp }) => {
      seen.push(...page);
      if (caughtUp) onCaughtUp();
      return seen.at(-1)?.id === last.id;
    });
    return seen.map(({ position }) => position);
  };
  return again(goOn, (error) => !(error instanceof Unavailable));
}

describe('the connection to the server', () => {
  test('may be cut again and again under 16 writers: what is acknowledged is stored, once', async () => {
    const last = event({ type: 'StormOver' });
    const following = seenUntil(last);
    const acknowledged = await storm((count) => {
      if (count % (ROUNDS * 2) === 0) line.cut();
    });
    expect(acknowledged).toHaveLength(WRITERS * ROUNDS);
    await expectAccounted(acknowledged);
    await surely(store, newStream(), 'none', [last]);
    expect(await following).toEqual((await whole(store.readAll())).map(({ position }) => position));
  });

  test('may lose the answer to an append: a repeat returns it, and nothing is written twice', async () => {
    const stream = newStream();
    await surely(store, stream, 'none', events(1));
    const batch = events(3);
    line.deafen();
    expect(await outcome(store.append(stream, 0, batch))).toEqual({ error: 'UnknownOutcome' });
    line.cut();
    line.release();
    const answer = await surely(store, stream, 0, batch);
    const read = await whole(store.readStream(stream, { after: 0 }));
    expect(idsOf(read)).toEqual(idsOf(batch));
    expect(answer).toEqual({ revision: 3, position: read.at(-1)!.position });
  });

  test('may be silent for a while: no caller waits forever, and work resumes by itself afterwards', async () => {
    const [stream, batch, last] = [newStream(), events(2), event({ type: 'LastOne' })];
    await surely(store, stream, 'none', events(1));
    const following = seenUntil(last);
    line.hold();
    const silent = silence(STALL_MS);
    expect(await outcome(store.append(stream, 0, batch))).toEqual({ error: 'UnknownOutcome' });
    const hasty = await openEventStoreDb(emptyAt(line.url), { readMs: 500 });
    expect(await outcome(whole(hasty.readAll()))).toEqual({ error: 'Unavailable' });
    await hasty.close();
    await silent;
    line.release();
    expect((await surely(store, stream, 0, batch)).revision).toBe(2);
    await surely(store, newStream(), 'none', [last]);
    const log = await whole(store.readAll());
    expect(log).toHaveLength(4);
    expect(await following).toEqual(log.map(({ position }) => position));
  });
});

/** Concurrent appends to separate streams. */
const asked = (count: number) => Array.from({ length: count }, () => ({ stream: newStream(), batch: events(1) }));

describe('concurrent appends over a connection that is cut', () => {
  test('are written in order, and only the last ones are missing', async () => {
    for (let round = 0; round < 8; round += 1) {
      const appends = asked(300);
      let answered = 0;
      const answers = await Promise.all(
        appends.map(({ stream, batch }) => {
          const appending = store.append(stream, 'none', batch);
          // At a different time in each round: before the first answer, after it, and in between.
          appending.then(
            () => {
              answered += 1;
              if (answered === round * 30) line.cut();
            },
            () => undefined,
          );
          return outcome(appending);
        }),
      );
      if (round === 0) line.cut();
      const ids = idsOf(appends.flatMap(({ batch }) => batch));
      const there = idsOf(await again(() => whole(store.readAll()))).filter((id) => ids.includes(id));
      expect(there).toEqual(ids.slice(0, there.length));
      const told = answers.filter((answer) => !Object.hasOwn(answer as object, 'error')).length;
      expect(there.length).toBeGreaterThanOrEqual(told);
    }
  });

  test('are all written in order if they are repeated in order', async () => {
    const inOrder = new InOrderStore(store);
    const appends = asked(1_000);
    let answered = 0;
    await Promise.all(
      appends.map(async ({ stream, batch }) => {
        await inOrder.append(stream, 'none', batch);
        answered += 1;
        if (answered % 150 === 0) line.cut();
      }),
    );
    expect(idsOf(await again(() => whole(store.readAll())))).toEqual(idsOf(appends.flatMap(({ batch }) => batch)));
  });
});

describe('many subscribers', () => {
  test('150 subscribers of one process miss nothing of bursts of 500 events', async () => {
    const [stream, last] = [newStream(), event({ type: 'LastOne' })];
    const { position } = await surely(store, stream, 'none', events(1));
    const following: Promise<readonly string[]>[] = [];
    for (let count = 0; count < 150; count += 1) {
      await new Promise<void>((caughtUp) => following.push(seenUntil(last, position, caughtUp)));
    }
    for (let round = 0; round < BURSTS; round += 1) await surely(store, stream, 500 * round, events(500));
    await surely(store, newStream(), 'none', [last]);
    const log = (await whole(store.readAll({ after: position }))).map((read) => read.position);
    expect(log).toHaveLength(500 * BURSTS + 1);
    for (const seen of await Promise.all(following)) expect(seen).toEqual(log);
  });
});

describe('the server itself', () => {
  /** Killed abruptly, and restarted. */
  const killed = async () => {
    if (far === undefined && KILL && START_AGAIN) {
      await operate(KILL);
      await operate(START_AGAIN);
    } else if (far === undefined) {
      line.cut();
    } else {
      await far.stop();
      await far.start();
    }
  };
  const how = REAL && !(KILL && START_AGAIN) ? 'may be out of reach' : 'may be killed and started again';

  test(`${how} under 16 writers: what it acknowledged is stored, once`, async () => {
    let killing: Promise<void> = Promise.resolve();
    const acknowledged = await storm((count) => {
      if (count % (ROUNDS * 5) === 0) killing = killing.then(killed);
    });
    await killing;
    expect(acknowledged).toHaveLength(WRITERS * ROUNDS);
    await expectAccounted(acknowledged);
  });
});
