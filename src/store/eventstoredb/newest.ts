import type { Position } from '../store';
import type { Names } from './encoding';
import { positionFrom } from './positions';
import { ask } from './readagain';
import { PAGE, Sweep } from './sweep';
import type { Timers } from './timer';
import type { Wire } from './wire';

/** Finds the last event of ours in a log that other applications may share. */
export class Newest {
  /** Position of the last event known to be ours; 0 where there is none. */
  private own = 0;
  /** No event of ours after `own` exists up to this position. */
  private scanned = -1;

  constructor(
    private readonly wire: Wire,
    private readonly names: Names,
    private readonly timers: Timers,
  ) {}

  /** Notes that an event of ours exists at this position. */
  noteOwn(position: number): void {
    this.own = Math.max(this.own, position);
  }

  /**
   * Finds our newest event by reading backwards from the end of the log. No part is read twice, so each event of a busy
   * neighbour is read once. If neighbours wrote more than a page, it also searches forwards over our own events, which
   * the server filters, and the search that finishes first decides.
   */
  async find(): Promise<Position> {
    const found = new AbortController();
    try {
      let back = await this.look({ count: 1 });
      while (!back.found && back.count < PAGE) back = await this.look(back);
      if (!back.found) await this.both(back, found.signal);
      return positionFrom(this.own);
    } finally {
      found.abort();
    }
  }

  private async both(from: Look, signal: AbortSignal): Promise<void> {
    const back = this.back(from, signal);
    const foundFirst = await Promise.race([back.then(() => true), this.forward(from.newest, signal)]);
    if (!foundFirst) await back;
  }

  private async back(from: Look, signal: AbortSignal): Promise<void> {
    for (let look = from; !look.found && !signal.aborted; ) look = await this.look(look);
  }

  /** False if the search broke off. */
  private async forward(newest: number, signal: AbortSignal): Promise<boolean> {
    const { own: from, timers } = this;
    const sweep = new Sweep(this.wire, this.names, {
      from,
      after: from,
      until: newest,
      quietMs: timers.quietMs,
      signal,
    });
    for (let page = await sweep.next(); page.length > 0; page = await sweep.next()) {
      this.noteOwn(Number(page.at(-1)!.position));
    }
    if (sweep.whole) this.scanned = Math.max(this.scanned, newest);
    return sweep.whole;
  }

  /** Reads the events before a position; the next look reads eight times as many. */
  private async look({ before, count, ...last }: Partial<Look> & { readonly count: number }): Promise<Look> {
    const events = await ask(() => this.wire.readBackwards(before, count));
    const newest = last.newest ?? events[0]?.commit ?? -1;
    const known = events.find((event) => event.commit! <= this.scanned || this.names.isOurs(event));
    if (known !== undefined && this.names.isOurs(known)) this.noteOwn(known.commit!);
    const found = known !== undefined || events.length < count;
    if (found) this.scanned = Math.max(this.scanned, newest);
    return { found, newest, before: events.at(-1)?.commit, count: Math.min(count * 8, PAGE) };
  }
}

interface Look {
  readonly found: boolean;
  /** Position of the last event of the log when the search began. */
  readonly newest: number;
  readonly before: number | undefined;
  /** How many events the next look reads. */
  readonly count: number;
}
