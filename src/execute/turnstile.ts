import { Unavailable } from '../store/store';

/** The turn of one act to send its append. */
export interface Turn {
  /** Resolves when all earlier turns have passed. Rejects with Unavailable if one of them failed. */
  readonly come: Promise<void>;
  /**
   * Lets the next turn begin: this act has sent its append, or has none. Only the first of `pass` and `fail` counts.
   */
  pass(): void;
  /** This act could not be decided, so nothing behind it may be sent: the order would change. */
  fail(): void;
}

/** Gives out turns so that appends are sent in the order of the calls, however long each read takes. */
export class Turnstile {
  private last: Promise<void> = Promise.resolve();

  take(): Turn {
    const come = this.last;
    let pass = () => {};
    let fail = () => {};
    const own = new Promise<void>((resolve, reject) => {
      pass = resolve;
      fail = () => reject(new Unavailable('an earlier act failed, so nothing of this one was written'));
    });
    own.catch(() => undefined);
    // An act without an append may finish before its turn; the next one must still wait for the turns before it.
    this.last = come.then(() => own);
    this.last.catch(() => undefined);
    return { come, pass, fail };
  }
}
