import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { identifierOf, uuidOf } from '../wire';
import { type Chapter, event, events, type Given, idOf, idsIn, newStream, outcome } from './given';

interface Malformed {
  readonly stream?: string;
  readonly id?: string;
  readonly type?: string;
}

/** Sends one batch append directly, since the client would not survive the answers; returns `count` answers. */
async function answersTo({ door }: Given, { stream, id, type }: Malformed, count: number): Promise<string[]> {
  const raw = new StreamsClient(door.address, door.channel);
  const call = raw.batchAppend(door.metadata);
  const options = new BatchAppendReq.Options();
  options.setStreamIdentifier(identifierOf(stream ?? newStream()));
  options.setAny(new Empty());
  options.setDeadline(Timestamp.fromDate(new Date(Date.now() + 1000)));
  const message = new BatchAppendReq.ProposedMessage();
  message.setId(uuidOf(id ?? idOf('malformed', newStream())));
  message
    .getMetadataMap()
    .set('type', type ?? 'Happened')
    .set('content-type', 'application/json');
  message.setData(Buffer.from('{}'));
  const request = new BatchAppendReq();
  request.setCorrelationId(uuidOf(idOf('correlation', newStream())));
  request.setOptions(options);
  request.addProposedMessages(message);
  request.setIsFinal(true);
  try {
    return await new Promise((resolve, reject) => {
      const heard: string[] = [];
      call.on('error', reject);
      call.on('data', (response: BatchAppendResp) => {
        heard.push(response.getError()?.getMessage() ?? 'success');
        if (heard.length === count) resolve(heard);
      });
      call.write(request);
    });
  } finally {
    call.on('error', () => undefined);
    call.cancel();
    raw.close();
  }
}

export const limits: Chapter = {
  'accepts a mebibyte in one append and no more, on either path': async ({ client, plain }) => {
    const [stream, refused] = [newStream(), newStream()];
    await client.appendToStream(
      stream,
      events(10, { data: 'x'.repeat(104_850), metadata: { note: 'y'.repeat(1000) } }),
    );
    expect(await idsIn(client, stream)).toHaveLength(10);
    for (const path of [{}, plain]) {
      const over = client.appendToStream(refused, events(10, { data: 'x'.repeat(105_000) }), path);
      expect(await outcome(over)).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 });
    }
    expect(await idsIn(client, refused)).toEqual([]);
  },

  'ends the whole call on a message over sixteen mebibytes': async ({ client }) => {
    const stream = newStream();
    const huge = client.appendToStream(stream, event({ data: 'x'.repeat(17 * 1024 * 1024) }));
    expect(await outcome(huge)).toMatchObject({ type: 'unknown', code: 8 });
    await client.appendToStream(stream, event(), { expectedRevision: 'no_stream' });
  },

  'accepts 20,000 small events in one append': async ({ client }) => {
    const written = await client.appendToStream(newStream(), events(20_000));
    expect(written.nextExpectedRevision).toBe(19_999n);
  },

  'calls an append malformed on the batch path, and for some later reports a timeout': async (given) => {
    expect(await answersTo(given, { stream: '' }, 1)).toEqual(['BadRequest']);
    expect(await answersTo(given, { type: '' }, 2)).toEqual(['BadRequest', 'Timeout']);
    expect(await answersTo(given, { id: 'no-uuid' }, 2)).toEqual(['BadRequest', 'Timeout']);
  },

  'calls an append malformed on the plain path, and nothing more': async ({ client, plain }) => {
    const stream = newStream();
    for (const bad of [{ type: '' }, { id: 'no-uuid' }]) {
      expect(await outcome(client.appendToStream(stream, event(bad), plain))).toMatchObject({
        type: 'unknown',
        code: 2,
      });
    }
    expect(await outcome(client.appendToStream('', event(), plain))).toMatchObject({ type: 'unknown', code: 2 });
    expect(await idsIn(client, stream)).toEqual([]);
  },

  'refuses an append that arrives after its deadline': async ({ client }) => {
    const stream = newStream();
    const late = client.appendToStream(stream, event(), { deadline: -1000 });
    expect(await outcome(late)).toEqual({ type: 'deadline-exceeded' });
    expect(await idsIn(client, stream)).toEqual([]);
  },
};
