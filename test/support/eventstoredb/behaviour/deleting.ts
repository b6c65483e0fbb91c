import { all, type Chapter, event, events, type Given, idsIn, newStream, outcome } from './given';

async function softDeleted({ client }: Given) {
  const stream = newStream();
  const batch = events(3);
  await client.appendToStream(stream, batch);
  await client.deleteStream(stream, { expectedRevision: 2n });
  return { stream, batch };
}

export const deleting: Chapter = {
  'shows no stream after a soft delete': async (given) => {
    const { stream } = await softDeleted(given);
    const read = await outcome(all(given.client.readStream(stream)));
    expect(read).toEqual({ type: 'stream-not-found', streamName: expect.anything() });
  },

  'continues revisions after a soft delete, whether none or the last revision is expected': async (given) => {
    const { client } = given;
    for (const expectedRevision of ['no_stream', 2n] as const) {
      const { stream } = await softDeleted(given);
      const fresh = event();
      const written = await client.appendToStream(stream, fresh, { expectedRevision });
      expect(written.nextExpectedRevision).toBe(3n);
      expect(await idsIn(client, stream)).toEqual([fresh.id]);
    }
  },

  'still recognises an identical retry, but not its position': async (given) => {
    const { stream, batch } = await softDeleted(given);
    const again = await given.client.appendToStream(stream, batch, { expectedRevision: 'no_stream' });
    expect(again).toEqual({ success: true, nextExpectedRevision: 2n, position: undefined });
  },

  'refuses to delete a missing stream': async ({ client }) => {
    const refused = { type: 'wrong-expected-version', actualVersion: -1n };
    expect(await outcome(client.deleteStream(newStream()))).toMatchObject(refused);
    await client.tombstoneStream(newStream());
  },

  'keeps only the latest metadata of a stream, including a soft delete': async (given) => {
    const { client } = given;
    const stream = newStream();
    await client.appendToStream(stream, events(3));
    await client.setStreamMetadata(stream, { maxCount: 2 });
    await client.deleteStream(stream);
    await client.appendToStream(stream, event(), { expectedRevision: 2n });
    const said = async () => {
      const words = await all(client.readStream(`$$${stream}`));
      return words.map(({ event: each }) => [each?.revision, each?.data] as const);
    };
    // The server itself marks the restart of the stream, and the append does not wait for it.
    let last = await said();
    for (let left = 500; left > 0 && last[0]?.[0] !== 2n; left--) last = await said();
    expect(last).toEqual([[2n, { $tb: 3 }]]);
  },

  'has no existing stream after a soft delete': async (given) => {
    const { stream } = await softDeleted(given);
    const append = given.client.appendToStream(stream, event(), { expectedRevision: 'stream_exists' });
    expect(await outcome(append)).toEqual({ type: 'stream-deleted', streamName: stream });
  },

  'refuses everything after a tombstone, including an identical retry': async ({ client, plain }) => {
    const stream = newStream();
    const batch = events(2);
    await client.appendToStream(stream, batch, { expectedRevision: 'no_stream' });
    await client.tombstoneStream(stream, { expectedRevision: 1n });
    const gone = { type: 'stream-deleted', streamName: stream };
    for (const expectedRevision of ['no_stream', 1n, 'any', 'stream_exists'] as const) {
      expect(await outcome(client.appendToStream(stream, batch, { expectedRevision }))).toEqual(gone);
    }
    expect(await outcome(client.appendToStream(stream, batch, plain))).toEqual({ ...gone, code: 9 });
    expect(await outcome(all(client.readStream(stream)))).toEqual({ ...gone, code: 9 });
    expect(await outcome(client.deleteStream(stream))).toEqual({ ...gone, code: 9 });
  },

  'deletes at the expected revision only': async ({ client }) => {
    const stream = newStream();
    await client.appendToStream(stream, events(2));
    const wrong = {
      type: 'wrong-expected-version',
      code: 9,
      streamName: stream,
      expectedVersion: 5n,
      actualVersion: 1n,
    };
    expect(await outcome(client.deleteStream(stream, { expectedRevision: 5n }))).toEqual(wrong);
    expect(await outcome(client.tombstoneStream(stream, { expectedRevision: 5n }))).toEqual(wrong);
    expect(await idsIn(client, stream)).toHaveLength(2);
  },

  'stores the metadata of a stream, and returns the log position as its revision': async ({ client }) => {
    const stream = newStream();
    expect(await client.getStreamMetadata(stream)).toEqual({ streamName: stream });
    const set = await client.setStreamMetadata(stream, { maxCount: 2, acl: { readRoles: ['$all'] }, colour: 'red' });
    expect(await client.getStreamMetadata(stream)).toEqual({
      streamName: stream,
      metadata: { maxCount: 2, acl: { readRoles: ['$all'] }, colour: 'red' },
      metastreamRevision: set.position?.commit,
    });
  },
};
