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

/** Limits of one call to the server: events, and approximate bytes of its log. */
const CALL = 6_000;
const CALL_BYTES = 6 * 1024 * 1024;
/** The first call of a read is this small, because most reads have nothing more to read. */
const FIRST = 250;
/** A remainder larger than this is read through a subscription: events of any application, and bytes of the log. */
const LONG = { events: 2 * PAGE, bytes: 2 * 1024 * 1024 };
/**
 * Concurrent subscriptions for reads; a connection supports about a hundred of all kinds, and other reads use calls.
 */
const SWEEPS = 32;
/**
 * After so many subscriptions in a row without an event, each given twice the time of the last, a read uses calls only.
 */
const PATIENCE = 3;
/** A short read requests a few more events than it needs, since some may belong to other applications. */
const SPARE = 16;

export interface Range {
  readonly after?: Position;
  readonly until?: Position;
  readonly limit?: number;
}

/** The result of a sweep. */
interface Swept {
  /** True if it reached its end; false if it broke off. */
  readonly whole: boolean;
  /** Position of an existing event. */
  readonly last: number;
  readonly count: number;
}

interface Chunk {
  /** Events of ours in the chunk, after the position where the read began. */
  readonly ours: readonly Incoming[];
  /** Number of events, including those of other applications. */
  readonly events: number;
  /** Position of the last event in the chunk, of any application; 0 is the beginning of the log. */
  readonly last: number;
  /** The log has no more events at present. */
  readonly atEnd: boolean;
  /** How many events the next call may request: positions count bytes, so they reveal how large these events were. */
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
      // Fixes the end of the log, so that a reader of a growing log terminates.
      if (more) until ??= (await this.end()) ?? after;
      const isLong = more && fruitless < PATIENCE && this.isLong(chunk, until!, left);
      // The next chunk is fetched while the reader processes this one.
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

  /** Whether the remainder is large enough for a subscription, extrapolated from one chunk. */
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

  /** Notes that an event of ours exists at this position. */
  noteOwn(position: number): void {
    this.newest.noteOwn(position);
    this.real.add(position);
  }

  /**
   * The first chunk after a position. A read from a position includes that position and works only if it has an event,
   * which the answer shows. Otherwise the read starts at the next event, if the caller named the position just before
   * it, or at the last known event before it.
   */
  private async begin(after: number, count: number): Promise<Chunk> {
    if (after === 0) return this.chunk(0, count);
    const there = (await this.verified(after, after, count + 1)) ?? (await this.verified(after + 1, after, count + 1));
    if (there !== undefined) return there;
    const end = await this.end();
    if (end === undefined || end <= after) return { ours: [], events: 0, last: after, atEnd: true, next: PAGE };
    return { ours: [], events: 0, last: this.real.before(after) ?? 0, atEnd: false, next: PAGE };
  }

  /** Undefined if no event exists at this position. */
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

  /** The chunk after the position of an existing event. */
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
