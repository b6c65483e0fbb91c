import { createHmac } from 'node:crypto';
import type { RecordedEvent } from '../domain/event';
import { canonicalJson } from './canonical';
import { sha256 } from './hash';

/** Version of the record; another one would make another tree. */
export const RECORD_VERSION = 1;
export const SALT_BYTES = 16;

/**
 * What the tree holds of an event: no content and no personal data, so that the entries may be shown to anybody. Hashes
 * are hexadecimal.
 */
export interface EventRecord {
  readonly v: number;
  /** The name of the log, as it stands in the checkpoint. */
  readonly log: string;
  /** The position in the store that recorded the event first: a copied log has the same tree. */
  readonly position: string;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  /** Leaf hash of the event before it in its stream; absent at the first one. */
  readonly prev?: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly metaHash: string;
  /** Salted: without a salt, data that can only be one of a few values could be guessed from their hash. */
  readonly dataHash: string;
}

/** After every 256th event: how far each stream had come. It commits to the ends of streams. */
export interface HeadsRecord {
  readonly v: number;
  readonly log: string;
  readonly type: typeof STREAM_HEADS;
  /** How many events are before it, in decimal. */
  readonly events: string;
  /** Root of the map from streams to their last event. */
  readonly root: string;
}

export const STREAM_HEADS = 'StreamHeads';

/** What makes the leaves of one log those of no other. */
export interface LogIdentity {
  readonly origin: string;
  /** Secret: salts are derived from it, because events that are written already cannot be given one. */
  readonly saltKey: Uint8Array;
}

export function saltOf(saltKey: Uint8Array, eventId: string): Buffer {
  return createHmac('sha256', saltKey).update(eventId).digest().subarray(0, SALT_BYTES);
}

export function dataHashOf(salt: Uint8Array, data: unknown): string {
  return sha256(Buffer.concat([salt, Buffer.from(canonicalJson(data), 'utf8')])).toString('hex');
}

export function metaHashOf(metadata: unknown): string {
  return sha256(canonicalJson(metadata)).toString('hex');
}

/** `prev`: leaf hash of the event before it in its stream. */
export function recordOf(event: RecordedEvent, log: LogIdentity, prev: string | undefined): EventRecord {
  const { id, stream, revision, type, recordedAt, metadata, data } = event;
  return {
    v: RECORD_VERSION,
    log: log.origin,
    position: event.originalPosition ?? event.position,
    eventId: id,
    stream,
    revision,
    ...(prev !== undefined && { prev }),
    type,
    recordedAt,
    actor: metadata.actorId,
    metaHash: metaHashOf(metadata),
    dataHash: dataHashOf(saltOf(log.saltKey, id), data),
  };
}

export function headsRecord(origin: string, events: number, root: Uint8Array): HeadsRecord {
  const hex = Buffer.from(root).toString('hex');
  return { v: RECORD_VERSION, log: origin, type: STREAM_HEADS, events: String(events), root: hex };
}

/** The bytes that are hashed as a leaf. The members of a record are flat, so this is fast and equals RFC 8785. */
export function encodeRecord(record: EventRecord | HeadsRecord): Buffer {
  return Buffer.from(canonicalJson(record), 'utf8');
}

/** How many events stand before each commitment to the heads of streams. */
export const HEADS_EVERY = 256;

/** Where the n-th event (from 0) is in the tree. */
export function indexOfEvent(ordinal: number): number {
  return ordinal + Math.floor(ordinal / HEADS_EVERY);
}

/** How many of the first `size` entries of a tree are events. */
export function eventsIn(size: number): number {
  return size - Math.floor(size / (HEADS_EVERY + 1));
}

/** True where an index holds a commitment to the heads of streams. */
export function isHeads(index: number): boolean {
  return index % (HEADS_EVERY + 1) === HEADS_EVERY;
}
