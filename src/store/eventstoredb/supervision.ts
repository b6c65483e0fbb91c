import type { Meaning } from './meaning';
import type { Timers } from './timer';

/** How a subscription ended. */
export interface Ending {
  /**
   * `clean`: it ended without an error, which a live subscription never should. `silent`: no confirmation, or no
   * events.
   */
  readonly why: Meaning | 'clean' | 'silent';
  /** Whether an event arrived, so that the next subscription starts elsewhere. */
  readonly progressed: boolean;
}

export type Next = { readonly kind: 'again'; readonly afterMs: number } | { readonly kind: 'giveUp' };

/** Waiting does not resolve these: the subscriber gets the error at once. */
const FINAL: readonly Ending['why'][] = ['denied', 'untrusted'];
/** After this many unexplained failures in a row, the subscriber gets the error and starts again. */
const PATIENCE = 5;
/** After so many failures in a row the connection itself may be at fault, and is renewed. */
const RENEW_EVERY = 3;

/** Decides what follows the end of a subscription. Being dropped for slowness is no failure; everything else is. */
export class Supervision {
  private failures = 0;
  private unexplained = 0;

  constructor(
    private readonly timers: Timers,
    private readonly random: () => number,
  ) {}

  after({ why, progressed }: Ending): Next {
    if (FINAL.includes(why)) return { kind: 'giveUp' };
    if (progressed) this.wentWell();
    if (why === 'burst' && progressed) return { kind: 'again', afterMs: 0 };
    this.failures += 1;
    this.unexplained = why === 'odd' || why === 'invalid' ? this.unexplained + 1 : 0;
    if (this.unexplained >= PATIENCE) return { kind: 'giveUp' };
    const { backOffMs, longestBackOffMs } = this.timers;
    const longest = Math.min(backOffMs * 2 ** Math.min(this.failures - 1, 16), longestBackOffMs);
    return { kind: 'again', afterMs: longest * (0.5 + this.random() / 2) };
  }

  /** Whether the connection itself is suspect. */
  get renewDue(): boolean {
    return this.failures > 0 && this.failures % RENEW_EVERY === 0;
  }

  wentWell(): void {
    this.failures = 0;
    this.unexplained = 0;
  }
}
