import { unlessAborted } from '../store/aborting';
import { Unavailable, UnknownOutcome } from '../store/store';

/** How long an act may take in all, in milliseconds: its answer is there within 15 s, whatever the store does. */
export const ACT_MS = 14_000;
/** What a store gets to say whether it had sent an append when the time was over, in milliseconds. */
export const LAST_WORD_MS = 500;

/** The time that one act has, over all its readings, decisions, appends and repetitions. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** The time runs from now on. */
  constructor(private readonly ms: number) {
    this.timer = setTimeout(() => this.controller.abort(), ms);
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** For what writes nothing. Rejects with Unavailable when the time is over. */
  reading<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(this.signal, work, () => this.tooLate(), 0);
  }

  /** For an append that knows the signal. Rejects with UnknownOutcome where the store does not end it by itself. */
  writing<T>(work: Promise<T>): Promise<T> {
    const late = () => new UnknownOutcome(`the store did not confirm an append within ${this.ms / 1_000} s`);
    return unlessAborted(this.signal, work, late, LAST_WORD_MS);
  }

  /** Throws Unavailable when the time is over: nothing more may be sent then. */
  check(): void {
    if (this.signal.aborted) throw this.tooLate();
  }

  /** The act is over. */
  end(): void {
    clearTimeout(this.timer);
  }

  private tooLate(): Unavailable {
    return new Unavailable(`the store did not answer within ${this.ms / 1_000} s; nothing was written`);
  }
}
