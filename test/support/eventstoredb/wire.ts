import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Proposed } from './log';

/** A hundred nanoseconds, the unit of an event's creation time. */
const TICKS_PER_MILLISECOND = 10_000n;
const LARGEST = '9223372036854775807';

/** A proposed event as either append path carries it. */
interface ProposedMessage {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

/** Ids are compared and returned in lower case. */
export function proposedFrom(message: ProposedMessage): Proposed {
  return {
    id: (message.getId()?.getString() ?? '').toLowerCase(),
    type: message.getMetadataMap().get('type') ?? '',
    json: message.getMetadataMap().get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function nameIn(identifier: StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function identifierOf(stream: string): StreamIdentifier {
  return new StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));
}

export const uuidOf = (id: string): UUID => {
  const uuid = new UUID();
  uuid.setString(id);
  return uuid;
};

interface Place {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly created: number;
  readonly proposed: Proposed;
}

/** The answer for one event. It is built once, when the event is written, and sent to every reader. */
export function recordedFrame({ stream, revision, position, created, proposed }: Place): Buffer {
  const event = new ReadResp.ReadEvent.RecordedEvent();
  event.setId(uuidOf(proposed.id));
  event.setStreamIdentifier(identifierOf(stream));
  event.setStreamRevision(Number.isFinite(revision) ? String(revision) : LARGEST);
  event.setPreparePosition(String(position));
  event.setCommitPosition(String(position));
  const about = event.getMetadataMap();
  about.set('type', proposed.type);
  about.set('created', String(BigInt(created) * TICKS_PER_MILLISECOND));
  about.set('content-type', proposed.json ? 'application/json' : 'application/octet-stream');
  event.setData(proposed.data);
  event.setCustomMetadata(proposed.metadata);
  const read = new ReadResp.ReadEvent();
  read.setEvent(event);
  read.setCommitPosition(String(position));
  return frame((response) => response.setEvent(read));
}

export const notFoundFrame = (stream: string): Buffer =>
  frame((response) => {
    const missing = new ReadResp.StreamNotFound();
    missing.setStreamIdentifier(identifierOf(stream));
    response.setStreamNotFound(missing);
  });

export const firstPositionFrame = (revision: number): Buffer =>
  frame((response) => response.setFirstStreamPosition(String(revision)));

export const lastPositionFrame = (revision: number): Buffer =>
  frame((response) => response.setLastStreamPosition(String(revision)));

export const confirmationFrame = (subscription: string): Buffer =>
  frame((response) => {
    const confirmation = new ReadResp.SubscriptionConfirmation();
    confirmation.setSubscriptionId(subscription);
    response.setConfirmation(confirmation);
  });

export const checkpointFrame = (position: number): Buffer =>
  frame((response) => {
    const checkpoint = new ReadResp.Checkpoint();
    checkpoint.setCommitPosition(String(position));
    checkpoint.setPreparePosition(String(position));
    response.setCheckpoint(checkpoint);
  });

export const caughtUpFrame = (): Buffer =>
  frame((response) => {
    response.setCaughtUp(new ReadResp.CaughtUp());
  });

export const empty = (): Empty => new Empty();

function frame(fill: (response: ReadResp) => void): Buffer {
  const response = new ReadResp();
  fill(response);
  return Buffer.from(response.serializeBinary());
}
