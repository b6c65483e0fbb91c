/** What the adapter asks of a connection, in its own words: the client's types stay in the file that imports it. */

/** An event on its way to the server. */
export interface Outgoing {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  /** JSON in UTF-8. */
  readonly metadata: Uint8Array;
}

/** An event as the server gives it, of whatever stream. */
export interface Incoming {
  readonly id: string;
  readonly type: string;
  /** Bytes where `json` is false. */
  readonly data: unknown;
  /** Undefined where there is none; bytes where it is no JSON. */
  readonly metadata: unknown;
  readonly json: boolean;
  readonly streamName: string;
  readonly revision: number;
  /** Commit position; undefined where the server does not say. */
  readonly commit: number | undefined;
  readonly created: Date;
}

/** What a subscription says. None of these may throw. */
export interface Listener {
  confirmed(): void;
  event(event: Incoming): void;
  /** A sign of life between events. Where it points to is not used: it may be ahead of the events. */
  checkpoint(): void;
  /** Everything there was has been said; not every server says so. */
  caughtUp(): void;
  /** The subscription is over; without an error it ended cleanly, which a live one never should. */
  ended(error?: unknown): void;
}

/** The way to have a say in a subscription. */
export interface Subscribed {
  stop(): void;
  /** No events until `resume`, but for those that are on their way. */
  pause(): void;
  resume(): void;
}

export type Expected = 'none' | number;

/**
 * A connection to the server. Every call settles within its time: with NoAnswer where it ran out, else perhaps with an
 * error of the client; both are told apart in `errors.ts`.
 */
export interface Wire {
  /**
   * Appends use one stream of messages, which the server processes in order: if it breaks, the appends that were not
   * written are the last ones sent. The first append on a fresh stream must be answered before others are sent.
   */
  readonly ordered: boolean;
  /**
   * Rejects if the server cannot be reached. It tests the connection, by reading the end of this stream, only if the
   * server was last known to be unreachable: then an append that follows has no unknown outcome.
   */
  reach(stream: string): Promise<void>;
  append(
    stream: string,
    expected: Expected,
    events: readonly Outgoing[],
    signal?: AbortSignal,
  ): Promise<{ revision: number; commit?: number }>;
  /** Events of a stream from a revision on, inclusive, at most `count`. */
  readStream(stream: string, from: number, count: number): Promise<readonly Incoming[]>;
  /** The last event of a stream, system streams included. */
  readLast(stream: string): Promise<Incoming | undefined>;
  /** Events of all streams from a position on, inclusive; `undefined` is the beginning. */
  readForwards(from: number | undefined, count: number): Promise<readonly Incoming[]>;
  /** Events of all streams before a position, the last first; `undefined` is the end. */
  readBackwards(before: number | undefined, count: number): Promise<readonly Incoming[]>;
  /** Events behind a position whose stream begins with a prefix, for ever. */
  subscribe(after: number | undefined, prefix: string, listener: Listener): Subscribed;
  /** Asks to delete a stream that is not there: refused for want of rights, or because it is not there. */
  tryDelete(stream: string): Promise<void>;
  /** Drops the connections and makes new ones at the next call. */
  renew(): Promise<void>;
  close(): Promise<void>;
}
