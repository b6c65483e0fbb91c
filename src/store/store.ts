import type { NewEvent, RecordedEvent } from '../domain/event';

/** 20 decimal digits: opaque to everyone but an adapter, ordered as strings. */
export type Position = string;

/** Before the first event. */
export const START: Position = '0'.repeat(20);

export type ExpectedRevision = 'none' | number;

export interface Appended {
  /** Revision of the last event of this append. */
  readonly revision: number;
  /** Position of the last event of this append. */
  readonly position: Position;
}

export interface AppendOptions {
  /**
   * If it aborts, the caller no longer waits: an append not sent yet is never sent and ends with Unavailable; an append
   * already sent has an unknown outcome. A store whose appends always finish quickly may ignore it.
   */
  readonly signal?: AbortSignal | undefined;
}

/** A page of a subscription: events in order, and whether the reader has caught up with the log. */
export interface Delivery {
  readonly events: readonly RecordedEvent[];
  readonly caughtUp: boolean;
}

/**
 * Where events are stored. The contract suite in test/store is the definition; the promises in words:
 *
 * S1  Revisions of a stream are 0-based and contiguous.
 * S2  Expected revision is `none` or an exact number; there is no "any". Retrying an identical append, or a leading
 *     part of it, at the same expected revision returns the original result and writes nothing; any other overlap is
 *     a conflict.
 * S3  One append is atomic.
 * S4  Positions strictly increase and are opaque fixed-width strings.
 * S5  Prefix stability: once a reader saw position p, nothing at or below p ever appears later.
 * S6  `after` is exclusive.
 * S7  A subscription is an endless `readAll`: at least once, in order, with a caught-up marker, ended only by its
 *     signal or by throwing.
 * S8  `recordedAt` is the store's clock, not monotonic; for a copied event it is the clock of the store that first
 *     recorded it.
 * S9  Limits are checked before anything is written.
 * S10 A stream may start above 0.
 * S11 Reading is pull-based with bounded buffers: pages of at most 1,000 events.
 * S12 There is no update and no delete.
 * S13 Errors are typed: Conflict, UnknownOutcome, Unavailable, TooLarge, Invalid.
 * S14 A store that is `ordered` writes concurrent appends in the order in which they were requested. If one of them ends
 *     with UnknownOutcome or Unavailable, each append requested behind it before that was reported is either written
 *     behind it or not written at all.
 */
export interface Store {
  /** S14. If false or absent, a caller that needs an order must wait for the answer to each append. */
  readonly ordered?: boolean;
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    options?: AppendOptions,
  ): Promise<Appended>;
  /** Pages of one stream in revision order, `limit` events at most; an unknown stream gives no page. */
  readStream(
    stream: string,
    options?: { readonly after?: number; readonly limit?: number },
  ): AsyncIterable<readonly RecordedEvent[]>;
  /** Pages of the whole log in position order, up to the current head (or `until`, inclusive). */
  readAll(options?: {
    readonly after?: Position;
    readonly until?: Position;
    readonly limit?: number;
  }): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * The events of one type out of `readAll`, for a store that can skip decoding the others. Pages hold at most 1,000
   * events and may be empty, so that the reader can stop between them.
   */
  readType?(
    type: string,
    range?: { readonly after?: Position; readonly until?: Position },
  ): AsyncIterable<readonly RecordedEvent[]>;
  subscribe(options: { readonly after: Position; readonly signal: AbortSignal }): AsyncIterable<Delivery>;
  /** Position of the last event, START where there is none. */
  head(): Promise<Position>;
  /** The size of the log, if the store can tell without reading all of it. */
  count?(): Promise<{ readonly events: number; readonly streams: number }>;
  close(): Promise<void>;
}

/** The stream is not at the expected revision. `actual` is its last revision, or `none`. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`stream ${stream} was expected at ${expected} and is at ${actual}`);
  }
}

/** It is unknown whether the append was written. Repeat the identical append. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
}

/** The store is unreachable or cannot write (disk full, damaged file, lock); nothing was written. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The event or append exceeds a limit; nothing was written. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  constructor(
    readonly path: string,
    readonly limit: number,
    readonly actual: number,
  ) {
    super(`${path} is ${actual} bytes; the limit is ${limit}`);
  }
}

/** The append is malformed; nothing was written. `path` names the field. */
export class Invalid extends Error {
  override readonly name = 'Invalid';
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`);
  }
}
