import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '../../domain/event';
import { type Position, START } from '../store';
import { meaningOf, readError } from './errors';
import { type Names, recorded } from './event';
import { commitOf, positionFrom, RealPositions } from './positions';
import type { Incoming, Wire } from './wire';

/** Events of one page. */
export const PAGE = 1_000;
/** Events of one call to the server at most, and about the bytes of its log that they may take. */
const CALL = 6_000;
const CALL_BYTES = 6 * 1024 * 1024;
/** A short reading asks for a little more than it needs, since some of the events may be somebody else's. */
const SPARE = 16;
const ATTEMPTS = 3;
const RETRY_MS = 100;

interface Chunk {
  /** Those of the chunk that are ours and lie behind where the reading began. */
  readonly ours: readonly Incoming[];
  /** Position of the last event of the chunk, whoever's it is. */
  readonly last: number;
  /** The log has no more just now. */
  readonly atEnd: boolean;
  /** How many events the next call may ask for: positions are bytes, so they tell how large these were. */
  readonly next: number;
}

/** Reads pages of our events out of a log that others may share. */
export class Reader {
  private readonly real = new RealPositions();
  /** Everything up to here is known to hold no later event of ours than `own`. */
  private scanned = -1;
  private own = 0;

  constructor(
    private readonly wire: Wire,
    private readonly names: Names,
  ) {}

  async *readStream(stream: string, { after = -1 }: { after?: number } = {}): AsyncGenerator<readonly RecordedEvent[]> {
    for (;;) {
      const from = after + 1;
      const events = await this.ask(() => this.wire.readStream(this.names.outside(stream), from, PAGE));
      const ours = events.filter((event) => this.names.isOurs(event)).map((event) => recorded(event, this.names));
      if (ours.length > 0) yield ours;
      if (events.length < PAGE) return;
      after = events.at(-1)!.revision;
    }
  }

  async *readAll(
    range: { readonly after?: Position; readonly until?: Position; readonly limit?: number } = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    const after = commitOf(range.after ?? START, 'after');
    let until = range.until === undefined ? undefined : commitOf(range.until, 'until');
    let left = range.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0 || (until !== undefined && until <= after)) return;
    let chunk = await this.begin(after, Math.min(2 * PAGE, left + SPARE));
    for (;;) {
      const mine = until === undefined ? chunk.ours : chunk.ours.filter(({ commit }) => commit! <= until!);
      left -= mine.length;
      const more = !chunk.atEnd && left > 0 && (until === undefined || chunk.last < until);
      // The next chunk is on its way while the reader works on this one.
      const next = more ? this.chunk(chunk.last, Math.min(chunk.next, left + SPARE)) : undefined;
      next?.catch(() => undefined);
      // What is there now, at the latest: a reader of a log that grows must come to an end.
      if (more) until ??= (await this.end()) ?? after;
      const wanted = left < 0 ? mine.slice(0, left) : mine;
      for (let from = 0; from < wanted.length; from += PAGE) {
        yield wanted.slice(from, from + PAGE).map((event) => recorded(event, this.names));
      }
      if (next === undefined) return;
      chunk = await next;
    }
  }

  /** Position of the last event of the whole log, whoever's it is. Undefined for an empty log. */
  async end(): Promise<number | undefined> {
    const [last] = await this.ask(() => this.wire.readBackwards(undefined, 1));
    if (last !== undefined) this.real.add(last.commit!);
    return last?.commit;
  }

  /**
   * Position of the last event of ours. It looks back from the end of the log, but never again over what it has looked
   * at once, so that a busy neighbour costs each of their events one look.
   */
  async head(): Promise<Position> {
    let before: number | undefined;
    let newest: number | undefined;
    for (let count = 1; ; count = Math.min(count * 8, PAGE)) {
      const from = before;
      const events = await this.ask(() => this.wire.readBackwards(from, count));
      newest ??= events[0]?.commit;
      const known = events.findIndex((event) => event.commit! <= this.scanned || this.names.isOurs(event));
      if (known >= 0 || events.length < count) {
        const found = events[known];
        if (found !== undefined && this.names.isOurs(found)) this.noteOwn(found.commit!);
        this.scanned = Math.max(this.scanned, newest ?? -1);
        return positionFrom(this.own);
      }
      before = events.at(-1)!.commit!;
    }
  }

  /** An event of ours is known to be here. */
  noteOwn(position: number): void {
    this.own = Math.max(this.own, position);
    this.real.add(position);
  }

  /**
   * The first chunk behind a position. Reading from a position is inclusive and works only where an event really is;
   * that the event is there is seen from the answer. Otherwise the reading begins at the event just behind, where
   * the caller named the place before it, or at the last real position known to us.
   */
  private async begin(after: number, count: number): Promise<Chunk> {
    if (after === 0) return this.chunk(undefined, count);
    const there = (await this.verified(after, after, count + 1)) ?? (await this.verified(after + 1, after, count + 1));
    if (there !== undefined) return there;
    const end = await this.end();
    if (end === undefined || end <= after) return { ours: [], last: after, atEnd: true, next: PAGE };
    let chunk = await this.chunk(this.real.before(after), PAGE);
    while (!chunk.atEnd && chunk.last <= after) chunk = await this.chunk(chunk.last, PAGE);
    return { ...chunk, ours: chunk.ours.filter(({ commit }) => commit! > after) };
  }

  /** Undefined where no event is at this position. */
  private async verified(from: number, after: number, count: number): Promise<Chunk | undefined> {
    try {
      const events = await this.ask(() => this.wire.readForwards(from, count));
      return events[0]?.commit === from ? this.chunkOf(events, after, count) : undefined;
    } catch (error) {
      const meaning = meaningOf((error as Error).cause);
      if (meaning === 'invalid' || meaning === 'odd') return undefined;
      throw error;
    }
  }

  /** The chunk behind a position at which an event is. */
  private async chunk(after: number | undefined, count: number): Promise<Chunk> {
    const events = await this.ask(() => this.wire.readForwards(after, count + 1));
    return this.chunkOf(events, after ?? -1, count + 1);
  }

  private chunkOf(events: readonly Incoming[], after: number, asked: number): Chunk {
    const last = events.at(-1)?.commit ?? after;
    if (events.length > 0) this.real.add(last);
    const ours = events.filter((event) => event.commit! > after && this.names.isOurs(event));
    const bytes = (last - (events[0]?.commit ?? last)) / Math.max(1, events.length - 1);
    const next = Math.min(CALL, Math.max(1, Math.floor(CALL_BYTES / Math.max(1, bytes))));
    return { ours, last, atEnd: events.length < asked, next };
  }

  /** Reading again is always safe, so a node that has just gone or handed over is asked once more. */
  private async ask<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        const meaning = meaningOf(error);
        const again = meaning === 'moved' || ((meaning === 'away' || meaning === 'late') && attempt === 1);
        if (!again || attempt === ATTEMPTS) throw readError(error);
        await pause(RETRY_MS * (0.5 + Math.random()));
      }
    }
  }
}
