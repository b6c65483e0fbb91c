/**
 * What happened. An event is `{ type, data }` plus the envelope the writer supplies (metadata)
 * and the part only the store can supply (revision, position, recordedAt). It never changes.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

export type ActorKind = 'person' | 'service' | 'agent' | 'import';

/** Who did it. `id` is opaque: names of people are never in the log. */
export interface Actor {
  readonly id: string;
  readonly kind: ActorKind;
  /** The actor on whose behalf a service or agent acted. */
  readonly onBehalfOf?: string;
}

/** A flat map of strings, so that every store and every export keeps it without loss. */
export interface Metadata {
  readonly schemaVersion: string;
  readonly workspace: string;
  readonly actorId: string;
  readonly actorKind: ActorKind;
  readonly onBehalfOf?: string;
  readonly tool: string;
  readonly toolVersion?: string;
  /** Where the tool has it from, as the tool names it: `git 1f2e3d4c:icons/sun.svg`, as `git show` takes it. */
  readonly source?: string;
  /** ISO 8601, UTC, milliseconds. Claimed by the source; never used for order. */
  readonly occurredAt: string;
  /** UUID. The same command again carries the same id. */
  readonly commandId: string;
  readonly commandType: string;
  /** First 16 hex characters of the SHA-256 of the canonical command: tells a repeat from a reused key. */
  readonly commandHash: string;
  readonly $correlationId: string;
  readonly $causationId: string;
}

/** Every member of the metadata, in the order in which `execute` writes them and an event's id covers them. */
export const METADATA_MEMBERS: readonly (keyof Metadata)[] = [
  'schemaVersion',
  'workspace',
  'actorId',
  'actorKind',
  'onBehalfOf',
  'tool',
  'toolVersion',
  'source',
  'occurredAt',
  'commandId',
  'commandType',
  'commandHash',
  '$correlationId',
  '$causationId',
];

export interface EventOf<T extends string, D> {
  readonly type: T;
  readonly data: D;
}

export type AnyEvent = EventOf<string, unknown>;

/**
 * The first event of a decision that asked about other streams has this in its data: each of these streams, and the
 * revision up to which the decision knew it.
 */
export interface Relying {
  readonly reliedOn?: Readonly<Record<string, number>>;
}

/** Turns the data of one schema version of an event type into those of the next. */
export type Lift = (data: never) => unknown;

/** An event as the writer hands it to the store. `id` is UUIDv5(commandId, stream, ordinal). */
export interface NewEvent<E extends AnyEvent = AnyEvent> {
  readonly id: string;
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: Metadata;
}

/** An event as the store gives it back. */
export interface RecordedEvent<E extends AnyEvent = AnyEvent> extends NewEvent<E> {
  readonly stream: string;
  /** Place in its stream, 0-based and contiguous. */
  readonly revision: number;
  /** Place in the whole log: opaque, fixed width, strictly increasing as a string. */
  readonly position: string;
  /** ISO 8601, UTC, milliseconds: the clock of the store that recorded it first; not monotonic. */
  readonly recordedAt: string;
  /** The position in the store it was copied from; only if its position here differs. */
  readonly originalPosition?: string;
}
