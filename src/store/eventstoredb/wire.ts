/** The adapter's own interface to a connection: the client's types stay in the file that imports the client. */

/** An event on its way to the server. */
export interface Outgoing {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  /** JSON in UTF-8. */
  readonly metadata: Uint8Array;
}

/** An event of any stream as the server returns it. */
export interface Incoming {
  readonly id: string;
  readonly type: string;
  /** Bytes where `json` is false. */
  readonly data: unknown;
  /** Undefined if there is none; bytes if it is not JSON. */
  readonly metadata: unknown;
  readonly json: boolean;
  readonly streamName: string;
  readonly revision: number;
  /** Commit position; undefined if the server does not report one. */
  readonly commit: number | undefined;
  readonly created: Date;
}

/** Receives the events of a subscription. None of these may throw. */
export interface Listener {
  confirmed(): void;
  event(event: Incoming): void;
  /** A sign of life between events. Its position is not used, since it may be ahead of the events. */
  checkpoint(): void;
  /** All existing events have been delivered; not every server reports this. */
  caughtUp(): void;
  /** The subscription has ended; without an error it ended cleanly, which a live one never should. */
  ended(error?: unknown): void;
}

/** Controls a subscription. */
export interface Subscribed {
  stop(): void;
  /** No events until `resume`, except those already in flight. */
  pause(): void;
  resume(): void;
}

export type Expected = 'none' | number;

/**
 * A connection to the server. Every call settles within its timeout: with NoAnswer if that expires, otherwise possibly
 * with a client error; `meaning.ts` distinguishes them.
 */
export interface Wire {
  /**
   * Appends use one stream of messages, which the server processes in order: if it breaks, the appends that were not
   * written are the last ones sent. The first append on a fresh stream must be answered before others are sent.
   */
  readonly ordered: boolean;
  /**
   * Rejects if the server is unreachable. It probes the connection, by reading the end of this stream, only if the
   * server was last known to be unreachable, so that a following append has a known outcome.
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
  /** Events of all streams before a position, the latest first; `undefined` is the end. */
  readBackwards(before: number | undefined, count: number): Promise<readonly Incoming[]>;
  /** An endless subscription to events after a position whose stream name has the prefix. */
  subscribe(after: number | undefined, prefix: string, listener: Listener): Subscribed;
  /** Tries to delete a stream that does not exist: refused for lack of rights or because it does not exist. */
  tryDelete(stream: string): Promise<void>;
  /** Drops the connections; the next call opens new ones. */
  renew(): Promise<void>;
  close(): Promise<void>;
}
