import { type Meaning, meaningOf } from './meaning';
import type { RenewedClient } from './renewal';
import { NoAnswer } from './timer';

/** Meanings that say that the server cannot be worked with now. */
const AWAY: readonly Meaning[] = ['away', 'untrusted'];

export function isAway(error: unknown): boolean {
  return AWAY.includes(meaningOf(error));
}

/**
 * The outcome of an append to an unreachable server is unknown, while a failed read is harmless. So if the server was
 * last known to be unreachable, a read tests the connection before an append is sent.
 */
export class Reach {
  private asking: Promise<void> | undefined;

  constructor(private readonly line: Pick<RenewedClient<{ dispose(): Promise<void> }>, 'doubtful'>) {}

  /** Resolves at once where nothing speaks against the server; else asks, once for all who come meanwhile. */
  settled(ask: () => Promise<unknown>): Promise<void> {
    if (this.asking !== undefined) return this.asking;
    return this.line.doubtful ? this.ask(ask) : Promise.resolve();
  }

  private ask(ask: () => Promise<unknown>): Promise<void> {
    // A connection that broke is not yet a server that is away: that shows when it is asked over another.
    const once = (error: unknown) => (error instanceof NoAnswer ? Promise.reject(error) : ask());
    const asking = ask()
      .catch(once)
      .then(
        () => undefined,
        (error) => {
          // Whatever else it says, it is there.
          if (isAway(error)) throw error;
        },
      );
    // Whoever waited for the answer writes before those who come after it: appends keep their order.
    const over = () =>
      setImmediate(() => {
        this.asking = undefined;
      });
    asking.then(over, over);
    this.asking = asking;
    return asking;
  }
}
