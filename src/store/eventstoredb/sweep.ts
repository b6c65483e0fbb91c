import type { RecordedEvent } from '../../domain/event';
import { type Names, recorded } from './encoding';
import type { Incoming, Subscribed, Wire } from './wire';

/** Maximum number of events in a page. */
export const PAGE = 1_000;
/**
 * A waiting reader gets a page of this size at once: short-lived memory costs less than memory that is kept for a
 * while.
 */
const SOON = 250;
/**
 * Limit of what is buffered for a reader slower than the server: events, and approximate bytes of the log they span.
 */
const AHEAD = { events: 2 * PAGE, bytes: 6 * 1024 * 1024 };

export interface Course {
  /** Position of an existing event, or 0, the beginning of the log: the server continues after it. */
  readonly from: number;
  /** Events after this position are wanted. It need not have an event. */
  readonly after: number;
  /** The last position wanted. */
  readonly until: number;
  /** How long the server may be silent while a caller waits, in milliseconds. */
  readonly quietMs: number;
  readonly signal?: AbortSignal;
}

/**
 * A long read of our events: a subscription that is cancelled at the end of the log. The server filters it, so events
 * of others are not sent, whereas a read of `$all` would send them all. The consumer pulls: the server pauses while no
 * page is requested.
 */
export class Sweep {
  /** True if it reached the end. If false, the remainder must be read another way. */
  whole = false;
  private ready: RecordedEvent[] = [];
  /** Positions of the first and last buffered events. */
  private span = { first: 0, last: 0 };
  private over = false;
  private paused = false;
  private signs = 0;
  private wake: (() => void) | undefined;
  private readonly subscribed: Subscribed;
  private readonly aborted = () => this.stop();

  constructor(
    wire: Wire,
    names: Names,
    private readonly course: Course,
  ) {
    this.subscribed = wire.subscribe(course.from || undefined, names.prefix, {
      confirmed: () => this.sign(),
      checkpoint: () => {
        this.sign();
        // Our events are sparse here: deliver what there is instead of waiting for a full page.
        if (this.ready.length > 0) this.wake?.();
      },
      caughtUp: () => this.end(true),
      event: (event) => {
        this.sign();
        this.take(event, names);
      },
      ended: () => this.end(false),
    });
    if (course.signal?.aborted) this.stop();
    else course.signal?.addEventListener('abort', this.aborted, { once: true });
  }

  /** The next events in order, at most 1,000; none at the end. One call at a time. */
  async next(): Promise<readonly RecordedEvent[]> {
    if (!this.over && !this.isFull(SOON)) await this.news();
    const page = this.ready.length <= PAGE ? this.ready : this.ready.slice(0, PAGE);
    this.ready = this.ready.slice(page.length);
    this.span.first = this.ready.length > 0 ? Number(this.ready[0]!.position) : 0;
    if (this.paused && !this.over && !this.isFull(AHEAD.events)) {
      this.paused = false;
      this.subscribed.resume();
    }
    return page;
  }

  /** Stops the sweep and wakes waiting callers. */
  stop(): void {
    this.end(this.whole);
  }

  private take(event: Incoming, names: Names): void {
    if (this.over) return;
    const position = event.commit!;
    if (position > this.course.after && position <= this.course.until && names.isOurs(event)) {
      if (this.ready.length === 0) this.span.first = position;
      this.span.last = position;
      this.ready.push(recorded(event, names));
    }
    if (position >= this.course.until) this.end(true);
    else if (this.wake !== undefined && this.isFull(SOON)) this.wake();
    else if (!this.paused && this.isFull(AHEAD.events)) {
      this.paused = true;
      this.subscribed.pause();
    }
  }

  private isFull(events: number): boolean {
    const { length } = this.ready;
    return length >= events || (length > 1 && this.span.last - this.span.first > AHEAD.bytes);
  }

  private sign(): void {
    this.signs += 1;
  }

  /** Waits for a page or the end, or until the server has been silent for too long. */
  private async news(): Promise<void> {
    let heard = this.signs;
    const watch = setInterval(() => {
      if (heard === this.signs) this.end(false);
      heard = this.signs;
    }, this.course.quietMs);
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = undefined;
    clearInterval(watch);
  }

  private end(whole: boolean): void {
    if (this.over) return;
    this.over = true;
    this.whole = whole;
    this.course.signal?.removeEventListener('abort', this.aborted);
    this.subscribed.stop();
    this.wake?.();
  }
}
