import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type Position,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { all, type Chapter, event, events, type Given, newStream, outcome } from './given';

async function five({ client }: Given) {
  const stream = newStream();
  const batch = events(5);
  await client.appendToStream(stream, batch);
  return { stream, ids: batch.map(({ id }) => id) };
}

const missing = { type: 'stream-not-found', streamName: expect.anything() };
const revisions = (read: readonly { event?: { revision: bigint } }[]) => read.map(({ event: each }) => each?.revision);
const positionOf = (read: AllStreamResolvedEvent): bigint => read.event!.position.commit;
const at = (commit: bigint): Position => ({ commit, prepare: commit });

/** Positions of the last events of the log, newest first. */
async function newest({ client }: Given, maxCount: number): Promise<bigint[]> {
  return (await all(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount }))).map(positionOf);
}

export const reading: Chapter = {
  'reports a missing stream': async ({ client }) => {
    expect(await outcome(all(client.readStream(newStream())))).toEqual(missing);
    expect(await outcome(all(client.readStream(newStream(), { direction: BACKWARDS, fromRevision: END })))).toEqual(
      missing,
    );
  },

  'reads a stream from a revision, inclusive': async (given) => {
    const { stream } = await five(given);
    const { client } = given;
    const from = (options: object) => all(client.readStream(stream, options)).then(revisions);
    expect(await from({ fromRevision: 3n })).toEqual([3n, 4n]);
    expect(await from({ fromRevision: 1n, maxCount: 2 })).toEqual([1n, 2n]);
    expect(await from({ fromRevision: 9n })).toEqual([]);
    expect(await from({ direction: BACKWARDS, fromRevision: 1n })).toEqual([1n, 0n]);
    expect(await from({ direction: BACKWARDS, fromRevision: END, maxCount: 2 })).toEqual([4n, 3n]);
    expect(await from({ direction: BACKWARDS, fromRevision: 9n, maxCount: 2 })).toEqual([4n, 3n]);
  },

  'starts a backwards read at the beginning, unless told to start at the end': async (given) => {
    const { stream } = await five(given);
    expect(revisions(await all(given.client.readStream(stream, { direction: BACKWARDS })))).toEqual([0n]);
  },

  'fails to read forwards from the end, and to read zero events': async (given) => {
    const { stream } = await five(given);
    for (const options of [{ fromRevision: END }, { maxCount: 0 }] as const) {
      const read = await outcome(all(given.client.readStream(stream, options)));
      expect(read).toMatchObject({ type: 'unknown', message: expect.stringContaining('Unexpected ReadStreamResult') });
    }
  },

  'begins at the first visible revision': async (given) => {
    const { client } = given;
    const { stream } = await five(given);
    const { stream: cut } = await five(given);
    await client.setStreamMetadata(stream, { maxCount: 2 });
    await client.setStreamMetadata(cut, { truncateBefore: 4 });
    expect(revisions(await all(client.readStream(stream)))).toEqual([3n, 4n]);
    expect(revisions(await all(client.readStream(cut)))).toEqual([4n]);
    const back = client.readStream(stream, { direction: BACKWARDS, fromRevision: END });
    expect(revisions(await all(back))).toEqual([4n, 3n]);
    await client.setStreamMetadata(cut, { truncateBefore: 50 });
    expect(await all(client.readStream(cut))).toEqual([]);
  },

  'assigns each event of an append its own position, in order': async (given) => {
    const { stream } = await five(given);
    const { client } = given;
    const positions = (await all(client.readStream(stream))).map(({ event: each }) => each!.position!.commit);
    expect(new Set(positions).size).toBe(5);
    expect([...positions].sort((a, b) => Number(a - b))).toEqual(positions);
    const read = await all(client.readAll({ fromPosition: at(positions[0]!), maxCount: 5 }));
    expect(read.every(({ event: each }) => each!.position.commit === each!.position.prepare)).toBe(true);
    expect(read.map(positionOf)).toEqual(positions);
  },

  'reads the log forwards from a position, inclusive, and backwards, exclusive': async (given) => {
    await five(given);
    const { client } = given;
    const [last, one, two] = await newest(given, 3);
    const forwards = await all(client.readAll({ fromPosition: at(two!), maxCount: 2 }));
    expect(forwards.map(positionOf)).toEqual([two, one]);
    const backwards = await all(client.readAll({ fromPosition: at(last!), direction: BACKWARDS, maxCount: 2 }));
    expect(backwards.map(positionOf)).toEqual([one, two]);
  },

  'does not accept a position that was never issued': async (given) => {
    const { stream } = await five(given);
    const { client } = given;
    const [first] = await all(client.readStream(stream));
    const { commit } = first!.event!.position!;
    const unknown = { type: 'unknown', code: 2 };
    for (const fromPosition of [at(commit + 1n), { commit, prepare: commit + 1n }]) {
      expect(await outcome(all(client.readAll({ fromPosition, maxCount: 5 })))).toMatchObject(unknown);
    }
  },

  'uses the commit position if the prepare position is before it': async (given) => {
    const { stream } = await five(given);
    const [first] = await all(given.client.readStream(stream));
    const { commit } = first!.event!.position!;
    const read = given.client.readAll({ fromPosition: { commit, prepare: commit - 1n }, maxCount: 1 });
    expect((await all(read)).map(positionOf)).toEqual([commit]);
  },

  'finds nothing far beyond the end, in either direction': async ({ client }) => {
    expect(await all(client.readAll({ fromPosition: at(10n ** 15n) }))).toEqual([]);
    const back = client.readAll({ fromPosition: at(10n ** 15n), direction: BACKWARDS });
    expect(await outcome(all(back))).toMatchObject({ type: 'unknown', code: 2 });
  },

  'reads system events among the others, whatever the filter': async (given) => {
    const { stream } = await five(given);
    const { client } = given;
    await client.setStreamMetadata(stream, { maxCount: 9 });
    const options = { filter: streamNameFilter({ prefixes: [stream] }), direction: BACKWARDS, fromPosition: END };
    const read = await all(client.readAll({ ...options, maxCount: 6 } as object));
    expect(read.map(({ event: each }) => each?.streamId)).toContain(`$$${stream}`);
    const [oldest] = await all(client.readAll({ fromPosition: START, maxCount: 1 }));
    expect(`${oldest?.event?.type} ${oldest?.event?.streamId}`).toContain('$');
  },

  'stops a cancelled call before its end': async (given) => {
    const { client } = given;
    const stream = newStream();
    await client.appendToStream(stream, events(500));
    const read = client.readStream(stream);
    for await (const { event: each } of read) {
      expect(each?.revision).toBe(0n);
      await read.cancel();
      break;
    }
    await client.appendToStream(stream, event(), { expectedRevision: 499n });
  },
};
