import { unlessAborted } from '../store/aborting';
import { Unavailable, UnknownOutcome } from '../store/store';

/** Time limit of one act in milliseconds: its answer arrives within 15 s, whatever the store does. */
export const ACT_MS = 14_000;
/** Grace period, in milliseconds, for the store to report whether it had sent an append when the time ran out. */
export const LAST_WORD_MS = 500;

/** The time limit of one act, across all its reads, decisions, appends and repeats. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** The time starts running now. */
  constructor(private readonly ms: number) {
    this.timer = setTimeout(() => this.controller.abort(), ms);
  }

  /** Aborts when the time runs out. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** For work that writes nothing. Rejects with Unavailable when the time runs out. */
  reading<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(this.signal, work, () => this.tooLate(), 0);
  }

  /** For an append that observes the signal. Rejects with UnknownOutcome if the store does not end it by itself. */
  writing<T>(work: Promise<T>): Promise<T> {
    const late = () => new UnknownOutcome(`the store did not confirm an append within ${this.ms / 1_000} s`);
    return unlessAborted(this.signal, work, late, LAST_WORD_MS);
  }

  /** Throws Unavailable after the time has run out: nothing more may be sent then. */
  check(): void {
    if (this.signal.aborted) throw this.tooLate();
  }

  /** Ends the act and its timer. */
  end(): void {
    clearTimeout(this.timer);
  }

  private tooLate(): Unavailable {
    return new Unavailable(`the store did not answer within ${this.ms / 1_000} s; nothing was written`);
  }
}
