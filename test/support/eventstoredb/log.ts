import { recordedFrame } from './wire';

/** An event as a client proposes it. */
export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly json: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** The revision of a tombstone; on the wire the largest 64-bit number. */
export const TOMBSTONE = Number.POSITIVE_INFINITY;

/** An event in the log. Besides the wire frame it holds only what is inspected. */
export interface Recorded {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly revision: number;
  /** Commit and prepare position are one number: the offset in bytes, so positions have gaps. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly frame: Buffer;
}

/** The content of a stream's metadata stream. */
export interface StreamMetadata {
  readonly $maxCount?: number;
  readonly $maxAge?: number;
  readonly $tb?: number;
  readonly $acl?: AccessList;
}

/** Roles by right: `$r`, `$w`, `$d`, `$mr`, `$mw`. */
type AccessList = Readonly<Record<string, string | readonly string[]>>;

/** The content of `$settings`, for streams without rights of their own. */
export interface Settings {
  readonly $userStreamAcl?: AccessList;
  readonly $systemStreamAcl?: AccessList;
}

interface Stream {
  readonly events: Recorded[];
  metadata: StreamMetadata;
  tombstoned: boolean;
}

/** JSON cannot represent the largest 64-bit number exactly; anything beyond the safe integers means "all". */
const ALL_OF_IT = Number.MAX_SAFE_INTEGER;

/** Bytes of a log record besides its text: header, lengths, ids and a footer. */
const FRAMING = 74;

type Listener = (events: readonly Recorded[]) => void;

/** Every event in order, and an index by stream. It knows no protocol and survives restarts of the server. */
export class Log {
  readonly events: Recorded[] = [];
  settings: Settings = {};
  private readonly streams = new Map<string, Stream>();
  private readonly listeners = new Set<Listener>();
  private next = 0;

  constructor(private readonly clock: () => number = Date.now) {}

  /** The position of the next event. */
  get end(): number {
    return this.next;
  }

  /** Position of the last event, -1 if there is none. */
  get last(): number {
    return this.events.at(-1)?.position ?? -1;
  }

  /** Writes events at the end of a stream and notifies every listener, atomically. */
  write(stream: string, proposed: readonly Proposed[]): readonly Recorded[] {
    const state = this.opened(stream);
    const written = proposed.map((each) => this.record(stream, state.events.length, each, state));
    const last = proposed.at(-1);
    if (last && stream.startsWith('$$')) this.opened(stream.slice(2)).metadata = saidIn(last);
    if (last && stream === '$settings') this.settings = saidIn(last);
    this.tell(written);
    return written;
  }

  /** Ends a stream permanently. */
  tombstone(stream: string, id: string): Recorded {
    const state = this.opened(stream);
    const nothing = new Uint8Array();
    const event = { id, type: '$streamDeleted', json: true, data: Buffer.from('{}'), metadata: nothing };
    state.tombstoned = true;
    const written = this.record(stream, TOMBSTONE, event);
    this.tell([written]);
    return written;
  }

  /** An append of no events leaves a mark with its own position. */
  mark(stream: string): number {
    const position = this.next;
    this.next += FRAMING + Buffer.byteLength(stream);
    return position;
  }

  /** Last revision, -1 if there is none. */
  lastRevision(stream: string): number {
    return (this.streams.get(stream)?.events.length ?? 0) - 1;
  }

  eventsOf(stream: string): readonly Recorded[] {
    return this.streams.get(stream)?.events ?? [];
  }

  metadataOf(stream: string): StreamMetadata {
    return this.streams.get(stream)?.metadata ?? {};
  }

  isTombstoned(stream: string): boolean {
    return this.streams.get(stream)?.tombstoned ?? false;
  }

  isSoftDeleted(stream: string): boolean {
    return (this.metadataOf(stream).$tb ?? 0) >= ALL_OF_IT;
  }

  /** First revision that `$maxCount`, `$tb` and `$maxAge` leave visible. */
  firstVisible(stream: string): number {
    const { $maxCount = stream.startsWith('$$') ? 1 : undefined, $maxAge, $tb = 0 } = this.metadataOf(stream);
    const events = this.eventsOf(stream);
    let first = Math.max($tb, $maxCount === undefined ? 0 : events.length - $maxCount);
    if ($maxAge !== undefined) {
      const oldest = this.clock() - $maxAge * 1000;
      while (first < events.length && events[first]!.created < oldest) first += 1;
    }
    return first;
  }

  /** Index in `events` of the first one at or after a position. */
  indexAt(position: number): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Calls back with each append, in log order, before the append is answered. Returns a function that stops it. */
  onWritten(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(written: readonly Recorded[]): void {
    if (written.length > 0) for (const listener of [...this.listeners]) listener(written);
  }

  private opened(name: string): Stream {
    let stream = this.streams.get(name);
    if (!stream) {
      stream = { events: [], metadata: {}, tombstoned: false };
      this.streams.set(name, stream);
    }
    return stream;
  }

  private record(stream: string, revision: number, proposed: Proposed, into?: Stream): Recorded {
    const { id, type } = proposed;
    const position = this.next;
    const created = this.clock();
    const frame = recordedFrame({ stream, revision, position, created, proposed });
    const recorded = { id, stream, type, revision, position, created, frame };
    this.next += FRAMING + Buffer.byteLength(stream) + type.length + proposed.data.length + proposed.metadata.length;
    this.events.push(recorded);
    into?.events.push(recorded);
    return recorded;
  }
}

function saidIn({ data }: Proposed): StreamMetadata & Settings {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8')) as StreamMetadata & Settings;
  } catch {
    return {};
  }
}
