import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '../../domain/event';
import { START, Unavailable } from '../store';
import { type Names, recorded } from './encoding';
import { meaningOf, readError } from './meaning';
import type { Reader } from './reading';
import { type Ending, Supervision } from './supervision';
import type { Timers } from './timer';
import type { Wire } from './wire';

const SILENT = new Error('the subscription fell silent');
/** Number of events kept for subscribers; a subscriber further behind reads pages of the log instead. */
const KEPT = 4_096;

interface Kept {
  readonly position: number;
  readonly event: RecordedEvent;
}

/**
 * The only subscription of a process, and the latest events it received. It runs while there are listeners. A watchdog
 * supervises it; after any failure it resumes after the last event seen, never from a server checkpoint.
 */
export class Feed {
  private kept: Kept[] = [];
  /** Every event of ours after this position is kept, as far as the subscription has come. */
  private floor: number | undefined;
  private heardSoFar = 0;
  private wakeDue = false;
  private readonly waiters = new Set<(error?: Error) => void>();
  private listeners = 0;
  private life: AbortController | undefined;
  private starting: Promise<void> | undefined;
  private closed: Error | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly reader: Reader,
    private readonly names: Names,
    private readonly timers: Timers,
  ) {}

  /**
   * Starts listening. Returns the position after which no event is missed; events up to it must be read from the log.
   */
  async join(): Promise<number> {
    if (this.closed !== undefined) throw this.closed;
    this.listeners += 1;
    try {
      this.starting ??= this.start();
      await this.starting;
      return this.floor ?? 0;
    } catch (error) {
      this.starting = undefined;
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.listeners -= 1;
    if (this.listeners === 0) this.stop();
  }

  /** At most `count` events after a position. Undefined if they are no longer kept. */
  behind(position: number, count: number): readonly Kept[] | undefined {
    if (this.floor === undefined || position < this.floor) return undefined;
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.kept[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return this.kept.slice(low, low + count);
  }

  /**
   * Call it before looking for events and pass the result to `news` if there are none, so that nothing in between is
   * missed.
   */
  heard(): number {
    return this.heardSoFar;
  }

  /** Resolves on the next event or when the signal aborts; rejects if the feed is closed. */
  news(heard: number, signal: AbortSignal): Promise<void> {
    if (this.closed !== undefined) return Promise.reject(this.closed);
    if (this.heardSoFar > heard || signal.aborted || this.starting === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => {
        this.waiters.delete(done);
        signal.removeEventListener('abort', aborted);
        if (error === undefined) resolve();
        else reject(error);
      };
      const aborted = () => done();
      this.waiters.add(done);
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  close(): void {
    this.closed = new Unavailable('the event store is closed');
    this.stop(this.closed);
  }

  private async start(): Promise<void> {
    const life = new AbortController();
    this.life = life;
    const floor = (await this.reader.end()) ?? Number(START);
    if (life.signal.aborted) throw this.closed ?? new Unavailable('the subscription was given up');
    this.floor = floor;
    this.kept = [];
    void this.live(life.signal);
  }

  private stop(error?: Error): void {
    this.life?.abort();
    this.life = undefined;
    this.starting = undefined;
    this.floor = undefined;
    this.kept = [];
    for (const waiter of [...this.waiters]) waiter(error);
  }

  private async live(signal: AbortSignal): Promise<void> {
    const supervision = new Supervision(this.timers, Math.random);
    while (!signal.aborted) {
      const { error, ...ending } = await this.follow(signal, () => supervision.wentWell());
      if (signal.aborted) return;
      const next = supervision.after(ending);
      if (next.kind === 'giveUp') return this.stop(readError(error));
      if (supervision.renewDue) await this.wire.renew().catch(() => undefined);
      if (next.afterMs > 0) await pause(next.afterMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs one subscription from the last event seen until it ends or is found dead. */
  private follow(signal: AbortSignal, wentWell: () => void): Promise<Ending & { error?: unknown }> {
    return new Promise((resolve) => {
      let progressed = false;
      let over = false;
      let heard = false;
      const end = (why: Ending['why'], error?: unknown) => {
        if (over) return;
        over = true;
        clearTimeout(watch);
        signal.removeEventListener('abort', aborted);
        subscribed.stop();
        resolve({ why, progressed, error });
      };
      const aborted = () => end('clean');
      const { idleMs, confirmMs } = this.timers;
      const silent = () => end('silent', SILENT);
      let watch = setTimeout(silent, confirmMs);
      const idle = () => void this.compare().then((well) => (well ? quiet() : silent()));
      const alive = () => {
        if (over) return;
        // Called for every event: resetting a running timer is cheaper than creating one.
        if (heard) watch.refresh();
        else {
          heard = true;
          clearTimeout(watch);
          watch = setTimeout(idle, idleMs);
        }
      };
      // Nothing arrived and nothing was missed: the log itself is quiet.
      const quiet = () => {
        wentWell();
        alive();
      };
      signal.addEventListener('abort', aborted, { once: true });
      const subscribed = this.wire.subscribe(this.lastSeen(), this.names.prefix, {
        confirmed: alive,
        checkpoint: alive,
        caughtUp: alive,
        event: (event) => {
          progressed = true;
          alive();
          if (!over && this.names.isOurs(event)) this.keep(event.commit!, recorded(event, this.names));
        },
        ended: (error) => end(error === undefined ? 'clean' : meaningOf(error), error),
      });
    });
  }

  /** False if the log has an event of ours that a silent subscription should have delivered, or cannot be read. */
  private async compare(): Promise<boolean> {
    try {
      const before = this.lastSeen() ?? 0;
      const head = Number(await this.reader.head());
      if (head <= before) return true;
      // The event may have been written just now: after one more moment it must have arrived.
      await pause(Math.min(1_000, this.timers.idleMs));
      return (this.lastSeen() ?? 0) >= head;
    } catch {
      return false;
    }
  }

  private lastSeen(): number | undefined {
    return (this.kept.at(-1)?.position ?? this.floor) || undefined;
  }

  private keep(position: number, event: RecordedEvent): void {
    // After a failure the subscription may deliver events again.
    if (position <= (this.lastSeen() ?? 0)) return;
    this.kept.push({ position, event });
    if (this.kept.length > 2 * KEPT) {
      this.floor = this.kept[KEPT - 1]!.position;
      this.kept = this.kept.slice(KEPT);
    }
    this.heardSoFar += 1;
    if (this.wakeDue) return;
    this.wakeDue = true;
    // Notifies once for events that arrive together.
    setImmediate(() => {
      this.wakeDue = false;
      for (const waiter of [...this.waiters]) waiter();
    });
  }
}
