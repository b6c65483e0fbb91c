import type { Meaning } from './meaning';
import type { Timers } from './timer';

/** How a subscription came to its end. */
export interface Ending {
  /** `clean`: it ended without an error, which a live one never should. `silent`: no confirmation, or no news. */
  readonly why: Meaning | 'clean' | 'silent';
  /** Whether an event came, so that the next begins elsewhere. */
  readonly progressed: boolean;
}

export type Next = { readonly kind: 'again'; readonly afterMs: number } | { readonly kind: 'giveUp' };

/** Waiting does not cure these: the subscriber gets the error at once. */
const FINAL: readonly Ending['why'][] = ['denied', 'untrusted'];
/** Of what cannot be explained this many in a row are borne; then whoever subscribes is told, and begins anew. */
const PATIENCE = 5;
/** So many failures in a row may lie in the connection itself, which is then made anew. */
const RENEW_EVERY = 3;

/** Decides what follows the end of a subscription. A drop by a burst is no failure; everything else is. */
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

  /** The connection itself is suspect. */
  get renewDue(): boolean {
    return this.failures > 0 && this.failures % RENEW_EVERY === 0;
  }

  wentWell(): void {
    this.failures = 0;
    this.unexplained = 0;
  }
}
