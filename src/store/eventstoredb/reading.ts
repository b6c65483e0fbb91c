import type { RecordedEvent } from '../../domain/event';
import { type Position, START } from '../store';
import { type Names, recorded } from './encoding';
import { meaningOf } from './meaning';
import { Newest } from './newest';
import { commitOf, RealPositions } from './positions';
import { ask } from './readagain';
import { type Course, PAGE, Sweep } from './sweep';
import type { Timers } from './timer';
import type { Incoming, Wire } from './wire';

/** Events of one call to the server at most, and about the bytes of its log that they may take. */
const CALL = 6_000;
const CALL_BYTES = 6 * 1024 * 1024;
/** A reading begins with a call this small: most have nothing more to read. */
const FIRST = 250;
/** What is left is worth a subscription of its own where it is longer than this: events, whoever's, and bytes of the log. */
const LONG = { events: 2 * PAGE, bytes: 2 * 1024 * 1024 };
/** Such subscriptions at once; a connection bears about a hundred of all kinds, and the rest reads calls. */
const SWEEPS = 32;
/** So many of these in a row may bring nothing, each given twice the time, before a reading goes on in calls alone. */
const PATIENCE = 3;
/** A short reading asks for a little more than it needs, since some of the events may belong to other applications. */
const SPARE = 16;

export interface Range {
  readonly after?: Position;
  readonly until?: Position;
  readonly limit?: number;
}

/** How far a sweep came. */
interface Swept {
  /** All the way; otherwise it broke. */
  readonly whole: boolean;
  /** A position at which an event really is. */
  readonly last: number;
  readonly count: number;
}

interface Chunk {
  /** Those of the chunk that are ours and lie behind where the reading began. */
  readonly ours: readonly Incoming[];
  /** Number of events, those of other applications included. */
  readonly events: number;
  /** Position of the last event of the chunk, of any application; 0 is the beginning of the log. */
  readonly last: number;
  /** The log has no more just now. */
  readonly atEnd: boolean;
  /** How many events the next call may ask for: positions are bytes, so they tell how large these were. */
  readonly next: number;
}

/** Reads pages of our events out of a log that others may share. */
export class Reader {
  private readonly real = new RealPositions();
  private readonly newest: Newest;
  private sweeps = 0;

  constructor(
    private readonly wire: Wire,
    private readonly names: Names,
    private readonly timers: Timers,
  ) {
    this.newest = new Newest(wire, names, timers);
  }

  async *readStream(
    stream: string,
    range: { after?: number; limit?: number } = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    let { after = -1, limit: left = Number.POSITIVE_INFINITY } = range;
    while (left > 0) {
      const from = after + 1;
      const wanted = Math.min(left, PAGE);
      const events = await ask(() => this.wire.readStream(this.names.outside(stream), from, wanted));
      const ours = events.filter((event) => this.names.isOurs(event)).map((event) => recorded(event, this.names));
      if (ours.length > 0) yield ours;
      if (events.length < wanted) return;
      after = events.at(-1)!.revision;
      left -= ours.length;
    }
  }

  async *readAll(range: Range = {}, signal?: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    const after = commitOf(range.after ?? START, 'after');
    let until = range.until === undefined ? undefined : commitOf(range.until, 'until');
    let left = range.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0 || (until !== undefined && until <= after)) return;
    let chunk = await this.begin(after, Math.min(FIRST, left + SPARE));
    let fruitless = 0;
    for (;;) {
      const mine = chunk.ours.filter(({ commit }) => commit! > after && commit! <= (until ?? commit!));
      left -= mine.length;
      const more = !chunk.atEnd && left > 0 && (until === undefined || chunk.last < until);
      // What is there now, at the latest: a reader of a log that grows must come to an end.
      if (more) until ??= (await this.end()) ?? after;
      const isLong = more && fruitless < PATIENCE && this.isLong(chunk, until!, left);
      // The next chunk is on its way while the reader works on this one.
      const next = more && !isLong ? this.chunk(chunk.last, Math.min(chunk.next, left + SPARE)) : undefined;
      next?.catch(() => undefined);
      const wanted = left < 0 ? mine.slice(0, left) : mine;
      for (let from = 0; from < wanted.length; from += PAGE) {
        yield wanted.slice(from, from + PAGE).map((event) => recorded(event, this.names));
      }
      if (!more) return;
      if (next !== undefined) {
        chunk = await next;
        continue;
      }
      const quietMs = this.timers.quietMs * 2 ** fruitless;
      const swept: Swept = yield* this.sweep({ from: chunk.last, after, until: until!, quietMs, signal }, left);
      left -= swept.count;
      if (swept.whole || left <= 0 || signal?.aborted) return;
      fruitless = swept.count > 0 ? 0 : fruitless + 1;
      chunk = await this.chunk(swept.last, Math.min(PAGE, left + SPARE));
    }
  }

  /** Whether what is left is worth a subscription of its own, if the log goes on as it was in a chunk of it. */
  private isLong({ events, ours, last }: Chunk, until: number, left: number): boolean {
    if (until - last < LONG.bytes || this.sweeps >= SWEEPS) return false;
    return ours.length === 0 || (left * events) / ours.length >= LONG.events;
  }

  private async *sweep(course: Course, limit: number): AsyncGenerator<readonly RecordedEvent[], Swept> {
    const sweep = new Sweep(this.wire, this.names, course);
    let last = course.from;
    let count = 0;
    this.sweeps += 1;
    try {
      while (count < limit) {
        const page = (await sweep.next()).slice(0, limit - count);
        if (page.length === 0) break;
        last = Number(page.at(-1)!.position);
        count += page.length;
        this.real.add(last);
        yield page;
      }
      return { whole: sweep.whole, last, count };
    } finally {
      this.sweeps -= 1;
      sweep.stop();
    }
  }

  /** Position of the last event of the whole log, of any application. Undefined for an empty log. */
  async end(): Promise<number | undefined> {
    const [last] = await ask(() => this.wire.readBackwards(undefined, 1));
    if (last !== undefined) this.real.add(last.commit!);
    return last?.commit;
  }

  /** Position of the last event of ours. */
  head(): Promise<Position> {
    return this.newest.find();
  }

  /** An event of ours is known to be here. */
  noteOwn(position: number): void {
    this.newest.noteOwn(position);
    this.real.add(position);
  }

  /**
   * The first chunk after a position. A read from a position includes that position and works only if it has an event;
   * the answer shows whether it has. Otherwise the read starts at the next event, if the caller named the position
   * before it, or at the last existing position that we know.
   */
  private async begin(after: number, count: number): Promise<Chunk> {
    if (after === 0) return this.chunk(0, count);
    const there = (await this.verified(after, after, count + 1)) ?? (await this.verified(after + 1, after, count + 1));
    if (there !== undefined) return there;
    const end = await this.end();
    if (end === undefined || end <= after) return { ours: [], events: 0, last: after, atEnd: true, next: PAGE };
    return { ours: [], events: 0, last: this.real.before(after) ?? 0, atEnd: false, next: PAGE };
  }

  /** Undefined where no event is at this position. */
  private async verified(from: number, after: number, count: number): Promise<Chunk | undefined> {
    try {
      const events = await ask(() => this.wire.readForwards(from, count));
      return events[0]?.commit === from ? this.chunkOf(events, after, count) : undefined;
    } catch (error) {
      const meaning = meaningOf((error as Error).cause);
      if (meaning === 'invalid' || meaning === 'odd') return undefined;
      throw error;
    }
  }

  /** The chunk behind a position at which an event is. */
  private async chunk(after: number, count: number): Promise<Chunk> {
    const events = await ask(() => this.wire.readForwards(after || undefined, count + 1));
    return this.chunkOf(events, after || -1, count + 1);
  }

  private chunkOf(events: readonly Incoming[], after: number, asked: number): Chunk {
    const last = events.at(-1)?.commit ?? after;
    if (events.length > 0) this.real.add(last);
    const ours = events.filter((event) => event.commit! > after && this.names.isOurs(event));
    const bytes = (last - (events[0]?.commit ?? last)) / Math.max(1, events.length - 1);
    const next = Math.min(CALL, Math.max(1, Math.floor(CALL_BYTES / Math.max(1, bytes))));
    return { ours, events: events.length, last, atEnd: events.length < asked, next };
  }
}
