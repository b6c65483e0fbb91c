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
   * When it aborts, the caller no longer waits: an append that was not sent yet never is, and ends with Unavailable; of
   * one that was sent the outcome is unknown. A store whose appends are never long under way may ignore it.
   */
  readonly signal?: AbortSignal | undefined;
}

/** A page of a subscription: events in order, and whether the reader has now seen everything there is. */
export interface Delivery {
  readonly events: readonly RecordedEvent[];
  readonly caughtUp: boolean;
}

/**
 * Where events are. The contract suite in test/store is the definition; the promises in words:
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
 * S8  `recordedAt` is the store's clock, not monotonic; of an event that was copied here it is the clock of the store
 *     that recorded it first.
 * S9  Limits are checked before anything is written.
 * S10 A stream may start above 0.
 * S11 Reading is pull-based with bounded buffers: pages of at most 1,000 events.
 * S12 There is no update and no delete.
 * S13 Errors are typed: Conflict, UnknownOutcome, Unavailable, TooLarge, Invalid.
 * S14 Where a store says that it is `ordered`, appends that are under way at once are written in the order in which they
 *     were asked for; and where one of them ends with UnknownOutcome or Unavailable, what was asked for behind it before
 *     that was told is written behind it, or not at all.
 */
export interface Store {
  /** S14. False or absent: a caller that needs an order waits for the answer to each append. */
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
  /** Pages of the whole log in position order, up to what is there (or `until`, inclusive). */
  readAll(options?: {
    readonly after?: Position;
    readonly until?: Position;
    readonly limit?: number;
  }): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * The events of one type that `readAll` would give, of a store that need not decode the others. Pages are of at most
   * 1,000 events and may be empty: whoever reads can end it there.
   */
  readType?(
    type: string,
    range?: { readonly after?: Position; readonly until?: Position },
  ): AsyncIterable<readonly RecordedEvent[]>;
  subscribe(options: { readonly after: Position; readonly signal: AbortSignal }): AsyncIterable<Delivery>;
  /** Position of the last event, START where there is none. */
  head(): Promise<Position>;
  /** How much there is, of a store that can tell without reading it all. */
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

/** The store cannot be reached or cannot write (disk full, damaged file, lock); nothing was written. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The event or append is over a limit; nothing was written. */
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
