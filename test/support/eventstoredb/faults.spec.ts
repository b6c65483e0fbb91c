import { once } from 'node:events';
import { EventStoreDBClient, type Position, START, streamNameFilter } from '@eventstore/db-client';
import { openNetwork } from '../network';
import { all, event, events, idsIn, newStream, outcome } from './behaviour/given';
import { type FarEnd, startFarEnd } from './server';

const PLAIN = { credentials: { username: 'admin', password: 'changeit' }, deadline: 400 };

let far: FarEnd;
let client: EventStoreDBClient;

beforeEach(async () => {
  far = await startFarEnd();
  client = EventStoreDBClient.connectionString(far.url);
});

afterEach(async () => {
  await client.dispose();
  await far.stop();
});

/** A subscription to everything that has caught up. */
async function live() {
  const subscription = client.subscribeToAll({ fromPosition: START });
  subscription.resume();
  await once(subscription, 'caughtUp');
  return subscription;
}

describe('the stand-in server misbehaves on demand', () => {
  test('an acknowledgement is lost after the events are written, and the retry returns their position', async () => {
    const stream = newStream();
    const batch = events(2);
    far.faults.loseAcknowledgements(1);
    const lost = client.appendToStream(stream, batch, { expectedRevision: 'no_stream', ...PLAIN });
    expect(await outcome(lost)).toMatchObject({ type: 'deadline-exceeded' });
    const again = await client.appendToStream(stream, batch, { expectedRevision: 'no_stream', ...PLAIN });
    expect(again.nextExpectedRevision).toBe(1n);
    expect(await idsIn(client, stream)).toHaveLength(2);
  });

  test('a connection is reset instead of an acknowledgement', async () => {
    const stream = newStream();
    far.faults.loseAcknowledgements(1, 'reset');
    const lost = await outcome(client.appendToStream(stream, event(), { expectedRevision: 'no_stream' }));
    expect(lost).toMatchObject({ type: 'unavailable', code: 14 });
    expect(await idsIn(client, stream)).toHaveLength(1);
  });

  test('a call is accepted and not answered until the fault ends', async () => {
    far.faults.stall('append', 'read');
    const stream = newStream();
    expect(await outcome(client.appendToStream(stream, event(), PLAIN))).toMatchObject({ type: 'deadline-exceeded' });
    far.faults.heal();
    expect(await idsIn(client, stream)).toEqual([]);
  });

  test('answers are delayed, some too long, while the requests are executed', async () => {
    const stream = newStream();
    await client.appendToStream(newStream(), event());
    far.faults.slowDown(300);
    const late = client.appendToStream(stream, event(), { ...PLAIN, deadline: 100 });
    expect(await outcome(late)).toMatchObject({ type: 'deadline-exceeded' });
    expect(await idsIn(client, stream)).toHaveLength(1);
  });

  test('another server leads, and the client switches to it', async () => {
    const leader = await startFarEnd({ log: far.log });
    const stream = newStream();
    try {
      await client.appendToStream(stream, event());
      far.faults.follow({ host: '127.0.0.1', port: leader.port });
      const sent = await outcome(client.appendToStream(stream, event()));
      expect(sent).toMatchObject({ type: 'not-leader', code: 5 });
      await client.appendToStream(stream, event(), { expectedRevision: 0n });
      far.faults.stall('read');
      expect(await idsIn(client, stream)).toHaveLength(2);
    } finally {
      await client.dispose();
      await leader.stop();
    }
  });

  test('it is overloaded, or not ready, or denies access', async () => {
    const append = (options: object) => outcome(client.appendToStream(newStream(), event(), options));
    far.faults.refuseAsOverloaded();
    expect(await append({})).toMatchObject({ type: 'unknown', message: 'Could not recognize Server Is Busy' });
    expect(await append(PLAIN)).toMatchObject({ type: 'unavailable', code: 14 });
    far.faults.refuseReadiness();
    expect(await append({})).toMatchObject({ type: 'unknown', message: 'Could not recognize Server Is Not Ready' });
    far.faults.refuseCredentials();
    expect(await append({})).toEqual({ type: 'access-denied', code: 16 });
    far.faults.heal();
    expect(await append({})).toMatchObject({ success: true });
  });

  test('a subscription ends without an error', async () => {
    const subscription = await live();
    far.faults.endSubscriptions();
    await once(subscription, 'end');
  });

  test('a subscription falls silent, and the next one works', async () => {
    const silent = await live();
    const heard: unknown[] = [];
    silent.on('data', (each) => heard.push(each));
    far.faults.silenceSubscriptions();
    const speaking = await live();
    const arrival = once(speaking, 'data');
    await client.appendToStream(newStream(), event());
    await arrival;
    expect(heard).toEqual([]);
    await silent.unsubscribe();
    await speaking.unsubscribe();
  });

  test('a subscriber is dropped for slowness', async () => {
    const subscription = await live();
    const gone = once(subscription, 'error');
    far.faults.dropSubscriptions();
    expect(await gone).toEqual([
      expect.objectContaining({ type: 'timeout', code: 10, message: expect.stringContaining('Consumer too slow') }),
    ]);
  });

  test('a checkpoint is ahead of every event', async () => {
    const reached = new Promise<bigint>((resolve) => {
      const checkpointReached = (_: unknown, { commit }: Position) => resolve(commit);
      const filter = streamNameFilter({ prefixes: ['asset-'], checkpointReached });
      const subscription = client.subscribeToAll({ filter });
      subscription.once('caughtUp', () => far.faults.sendCheckpoint(far.log.end + 1000));
      subscription.on('error', () => undefined);
      subscription.resume();
    });
    expect(await reached).toBe(BigInt(far.log.end + 1000));
  });

  test('it is killed and restarted: the log stays, and volatile state is lost', async () => {
    const stream = newStream();
    const batch = events(2);
    const first = await client.appendToStream(stream, batch, { expectedRevision: 'no_stream' });
    const subscription = await live();
    const gone = once(subscription, 'error');
    await far.stop();
    expect(await gone).toEqual([expect.objectContaining({ type: 'unavailable' })]);
    expect(await outcome(client.appendToStream(stream, event()))).not.toHaveProperty('success');
    await far.start();
    const fresh = EventStoreDBClient.connectionString(far.url);
    expect(await fresh.appendToStream(stream, batch, { expectedRevision: 'no_stream' })).toEqual(first);
    expect((await fresh.appendToStream(stream, batch, { expectedRevision: 'any' })).nextExpectedRevision).toBe(3n);
    expect((await all(fresh.readStream(stream))).map(({ event: each }) => each?.revision)).toEqual([0n, 1n, 2n, 3n]);
    await fresh.dispose();
  });

  test('the peer is only silent: the client gives up by its own keep-alive', async () => {
    const network = await openNetwork(far.port);
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const url = `esdb://127.0.0.1:${network.port}?tls=false&keepAliveInterval=500&keepAliveTimeout=500`;
    const distant = EventStoreDBClient.connectionString(url);
    try {
      const stream = newStream();
      await distant.appendToStream(stream, event());
      network.freeze();
      expect(await outcome(distant.appendToStream(stream, event()))).toMatchObject({ type: 'unavailable', code: 14 });
      network.thaw();
    } finally {
      warn.mockRestore();
      await distant.dispose();
      await network.close();
    }
  });
});
