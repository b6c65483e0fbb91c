import { type AppendResult, binaryEvent } from '@eventstore/db-client';
import { all, type Chapter, event, events, type Given, idsIn, newStream, outcome } from './given';

/** A stream of three events, and the append that created it. */
async function threeEvents({ client }: Given) {
  const stream = newStream();
  const batch = events(3);
  const first = await client.appendToStream(stream, batch, { expectedRevision: 'no_stream' });
  return { stream, batch, first, ids: batch.map(({ id }) => id) };
}

const wrong = (streamName: string, expectedVersion: unknown, actualVersion: unknown) => ({
  type: 'wrong-expected-version',
  streamName,
  expectedVersion,
  actualVersion,
});

export const appending: Chapter = {
  'accepts an append at every matching expectation': async ({ client }) => {
    const stream = newStream();
    const revisions: bigint[] = [];
    for (const expectedRevision of ['no_stream', 0n, 'stream_exists', 'any'] as const) {
      const { nextExpectedRevision } = await client.appendToStream(stream, event(), { expectedRevision });
      revisions.push(nextExpectedRevision);
    }
    expect(revisions).toEqual([0n, 1n, 2n, 3n]);
  },

  'returns the revision and the position of the last event': async (given) => {
    const { stream, first } = await threeEvents(given);
    const last = (await all(given.client.readStream(stream))).at(-1)?.event;
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 2n, position: last?.position });
    expect(first.position?.commit).toBe(first.position?.prepare);
  },

  'reports the expected and the actual revision': async (given) => {
    const { client } = given;
    const { stream } = await threeEvents(given);
    const missing = newStream();
    const append = (to: string, expectedRevision: bigint | 'no_stream' | 'stream_exists') =>
      outcome(client.appendToStream(to, event(), { expectedRevision }));
    expect(await append(stream, 'no_stream')).toEqual(wrong(stream, 'no_stream', 2n));
    expect(await append(stream, 1n)).toEqual(wrong(stream, 1n, 2n));
    expect(await append(stream, 7n)).toEqual(wrong(stream, 7n, 2n));
    expect(await append(missing, 0n)).toEqual(wrong(missing, 0n, 'no_stream'));
    expect(await append(missing, 'stream_exists')).toEqual(wrong(missing, 'stream_exists', 'no_stream'));
  },

  'reports the same on the plain path': async (given) => {
    const { client } = given;
    const { stream, batch, first } = await threeEvents(given);
    const { plain } = given;
    const again = await client.appendToStream(stream, batch, { expectedRevision: 'no_stream', ...plain });
    expect(again).toEqual(first);
    const refused = outcome(client.appendToStream(stream, event(), { expectedRevision: 0n, ...plain }));
    expect(await refused).toEqual(wrong(stream, 0n, 2n));
    const known = outcome(client.appendToStream(stream, [...batch, event()], { expectedRevision: 'any', ...plain }));
    expect(await known).toEqual(wrong(stream, 'any', 2n));
  },

  'answers an identical retry with the first answer and writes nothing': async (given) => {
    const { client } = given;
    const { stream, batch, first, ids } = await threeEvents(given);
    const more = events(2);
    const second = await client.appendToStream(stream, more, { expectedRevision: 2n });
    for (const expectedRevision of ['no_stream', 'any', 'stream_exists'] as const) {
      expect(await client.appendToStream(stream, batch, { expectedRevision })).toEqual(first);
    }
    expect(await client.appendToStream(stream, more, { expectedRevision: 2n })).toEqual(second);
    expect(await idsIn(client, stream)).toEqual([...ids, ...more.map(({ id }) => id)]);
  },

  'decides by ids alone: the first data stays': async (given) => {
    const { client } = given;
    const { stream, batch, first } = await threeEvents(given);
    const others = batch.map(({ id }) => event({ id, type: 'Otherwise', data: { n: 2 } }));
    expect(await client.appendToStream(stream, others, { expectedRevision: 'no_stream' })).toEqual(first);
    const read = await all(client.readStream(stream));
    expect(read.map(({ event: each }) => [each?.type, each?.data])).toEqual(Array(3).fill(['Happened', { n: 1 }]));
  },

  'recognises a leading and a trailing part of an append': async (given) => {
    const { client } = given;
    const { stream, batch, first } = await threeEvents(given);
    const read = await all(client.readStream(stream));
    const leading = await client.appendToStream(stream, batch.slice(0, 2), { expectedRevision: 'no_stream' });
    expect(leading).toMatchObject({ nextExpectedRevision: 1n, position: read[1]?.event?.position });
    expect(await client.appendToStream(stream, batch.slice(1), { expectedRevision: 0n })).toEqual(first);
    expect(await idsIn(client, stream)).toHaveLength(3);
  },

  'refuses earlier events followed by a new one': async (given) => {
    const { client } = given;
    const { stream, batch } = await threeEvents(given);
    for (const expectedRevision of ['no_stream', 'any'] as const) {
      const refused = await outcome(client.appendToStream(stream, [...batch, event()], { expectedRevision }));
      expect(refused).toEqual(wrong(stream, expectedRevision, 2n));
    }
    expect(await idsIn(client, stream)).toHaveLength(3);
  },

  'writes both if a new event precedes an old one': async (given) => {
    const { client } = given;
    const { stream, batch, ids } = await threeEvents(given);
    const fresh = event();
    await client.appendToStream(stream, [fresh, batch[0]!], { expectedRevision: 'any' });
    expect(await idsIn(client, stream)).toEqual([...ids, fresh.id, ids[0]]);
  },

  'writes old events again at the current revision': async (given) => {
    const { client } = given;
    const { stream, batch, ids } = await threeEvents(given);
    const again = await client.appendToStream(stream, batch, { expectedRevision: 2n });
    expect(again.nextExpectedRevision).toBe(5n);
    expect(await idsIn(client, stream)).toEqual([...ids, ...ids]);
  },

  'never recognises old events in another order': async (given) => {
    const { client } = given;
    const { stream, batch } = await threeEvents(given);
    const plain = { ...given.plain, deadline: 300 };
    const reversed = client.appendToStream(stream, [...batch].reverse(), { expectedRevision: 'any', ...plain });
    expect(await outcome(reversed)).toMatchObject({ type: 'deadline-exceeded' });
    expect(await idsIn(client, stream)).toHaveLength(3);
  },

  'writes an id twice in one append, and the same id in another stream': async ({ client }) => {
    const [stream, other] = [newStream(), newStream()];
    const twice = event();
    await client.appendToStream(stream, [twice, twice], { expectedRevision: 'no_stream' });
    await client.appendToStream(other, twice, { expectedRevision: 'any' });
    expect(await idsIn(client, stream)).toEqual([twice.id, twice.id]);
    expect(await idsIn(client, other)).toEqual([twice.id]);
  },

  'answers an empty append, and writes nothing to the stream': async (given) => {
    const { client } = given;
    const { stream } = await threeEvents(given);
    expect(await client.appendToStream(stream, [], { expectedRevision: 2n })).toMatchObject({ success: true });
    expect(await outcome(client.appendToStream(stream, [], { expectedRevision: 7n }))).toEqual(wrong(stream, 7n, 2n));
    const missing = newStream();
    await client.appendToStream(missing, []);
    expect(await outcome(all(client.readStream(missing)))).toMatchObject({ type: 'stream-not-found' });
  },

  'returns ids in lower case and times of its own clock in milliseconds': async ({ client }) => {
    const stream = newStream();
    const id = '0FC9DE2D-8E4A-4F5C-9B0C-2D6A7A3E51B7';
    const before = Date.now();
    await client.appendToStream(stream, event({ id }));
    const [read] = await all(client.readStream(stream));
    expect(read?.event?.id).toBe(id.toLowerCase());
    expect(Math.abs(read!.event!.created.getTime() - before)).toBeLessThan(5000);
  },

  'keeps any JSON value, null among them, and bytes as bytes': async ({ client }) => {
    const stream = newStream();
    const values = [null, 0, 'text', true, [1, [2]], { deep: { ä: '𝄞' } }];
    const bytes = Buffer.from([0, 255, 10, 13]);
    const metadata = { $correlationId: 'c', note: 'ü' };
    await client.appendToStream(stream, [
      ...values.map((data) => event({ data })),
      binaryEvent({ type: 'Bytes', data: bytes, metadata }),
    ]);
    const read = (await all(client.readStream(stream))).map(({ event: each }) => each!);
    expect(read.slice(0, -1).map(({ data }) => data)).toEqual(values);
    expect(Buffer.from(read.at(-1)!.data as Uint8Array)).toEqual(bytes);
    expect(read.at(-1)).toMatchObject({ isJson: false, metadata });
  },

  'accepts names of any characters, long ones, and ones that begin with a dollar': async ({ client }) => {
    for (const name of ['mit Leerzeichen / ä 𝄞 "\'', 'n'.repeat(1900), '$behaviour']) {
      const stream = `${name}${newStream()}`;
      await client.appendToStream(stream, event(), { expectedRevision: 'no_stream' });
      expect(await idsIn(client, stream)).toHaveLength(1);
    }
  },

  'reports a failed append without throwing, if the client is configured so': async (given) => {
    const { stream } = await threeEvents(given);
    const quiet = given.connect('throwOnAppendFailure=false');
    const { plain } = given;
    // On the batch path the client reports 1 for any revision; on the plain path the true one.
    const batch: AppendResult = await quiet.appendToStream(stream, event(), { expectedRevision: 'no_stream' });
    expect(batch).toEqual({ success: false, nextExpectedRevision: 1n });
    const told = await quiet.appendToStream(stream, event(), { expectedRevision: 'no_stream', ...plain });
    expect(told).toEqual({ success: false, nextExpectedRevision: 2n });
  },
};
