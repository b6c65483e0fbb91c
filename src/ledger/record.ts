import { createHmac } from 'node:crypto';
import type { RecordedEvent } from '../domain/event';
import { canonicalJson } from './canonical';
import { sha256 } from './hash';

/** Version of the record; another version would give another tree. */
export const RECORD_VERSION = 1;
export const SALT_BYTES = 16;

/**
 * What the tree contains of an event: no content and no personal data, so that the entries may be published. Hashes are
 * hexadecimal.
 */
export interface EventRecord {
  readonly v: number;
  /** The name of the log, as in the checkpoint. */
  readonly log: string;
  /** The position in the store that first recorded the event: a copied log has the same tree. */
  readonly position: string;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  /** Leaf hash of the previous event in its stream; absent for the first one. */
  readonly prev?: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly metaHash: string;
  /** Salted: otherwise data with only a few possible values could be guessed from their hash. */
  readonly dataHash: string;
}

/** Follows every 256th event: commits to the heads of all streams. */
export interface HeadsRecord {
  readonly v: number;
  readonly log: string;
  readonly type: typeof STREAM_HEADS;
  /** Number of events before it, in decimal. */
  readonly events: string;
  /** Root of the map from streams to their last event. */
  readonly root: string;
}

export const STREAM_HEADS = 'StreamHeads';

/** What makes the leaves of one log differ from those of any other. */
export interface LogIdentity {
  readonly origin: string;
  /** Secret: salts are derived from it, because existing events cannot be given one. */
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

/** `prev`: leaf hash of the previous event in its stream. */
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

/** Number of events between two commitments to the heads of streams. */
export const HEADS_EVERY = 256;

/** The index in the tree of the n-th event (from 0). */
export function indexOfEvent(ordinal: number): number {
  return ordinal + Math.floor(ordinal / HEADS_EVERY);
}

/** How many of the first `size` entries of a tree are events. */
export function eventsIn(size: number): number {
  return size - Math.floor(size / (HEADS_EVERY + 1));
}

/** Whether the entry at an index is a commitment to the heads of streams. */
export function isHeads(index: number): boolean {
  return index % (HEADS_EVERY + 1) === HEADS_EVERY;
}
