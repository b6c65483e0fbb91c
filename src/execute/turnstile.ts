import { Unavailable } from '../store/store';

/** The turn of one act to send its append. */
export interface Turn {
  /** When all that came before have passed. Rejects with Unavailable where one of them failed. */
  readonly come: Promise<void>;
  /** The next may go: this one has sent its append, or has none. Only the first of `pass` and `fail` counts. */
  pass(): void;
  /** This one could not be decided on, so none behind it may be sent: their order would be another one. */
  fail(): void;
}

/** Gives out turns: appends are sent in the order of the calls, however long each read takes. */
export class Turnstile {
  private last: Promise<void> = Promise.resolve();

  take(): Turn {
    const come = this.last;
    let pass = () => {};
    let fail = () => {};
    const own = new Promise<void>((resolve, reject) => {
      pass = resolve;
      fail = () => reject(new Unavailable('an act before it failed, so nothing of it was written'));
    });
    own.catch(() => undefined);
    // Who has nothing to send may be done before its turn has come, and must not let the next one overtake others.
    this.last = come.then(() => own);
    this.last.catch(() => undefined);
    return { come, pass, fail };
  }
}
