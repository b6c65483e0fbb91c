import { type Meaning, meaningOf } from './meaning';
import type { RenewedClient } from './renewal';
import { NoAnswer } from './timer';

/** Meanings that say that the server cannot be used at present. */
const AWAY: readonly Meaning[] = ['away', 'untrusted'];

export function isAway(error: unknown): boolean {
  return AWAY.includes(meaningOf(error));
}

/**
 * An append to an unreachable server has an unknown outcome, while a failed read is harmless. So if the server was last
 * known to be unreachable, a read tests the connection before an append is sent.
 */
export class Reach {
  private asking: Promise<void> | undefined;

  constructor(private readonly line: Pick<RenewedClient<{ dispose(): Promise<void> }>, 'doubtful'>) {}

  /** Resolves at once unless the server was last unreachable; otherwise probes it once for all concurrent callers. */
  settled(ask: () => Promise<unknown>): Promise<void> {
    if (this.asking !== undefined) return this.asking;
    return this.line.doubtful ? this.ask(ask) : Promise.resolve();
  }

  private ask(ask: () => Promise<unknown>): Promise<void> {
    // A broken connection does not prove that the server is down: the probe is repeated over a new one.
    const once = (error: unknown) => (error instanceof NoAnswer ? Promise.reject(error) : ask());
    const asking = ask()
      .catch(once)
      .then(
        () => undefined,
        (error) => {
          // Any other error shows that the server is reachable.
          if (isAway(error)) throw error;
        },
      );
    // Callers that waited for the probe append before later callers, so appends keep their order.
    const over = () =>
      setImmediate(() => {
        this.asking = undefined;
      });
    asking.then(over, over);
    this.asking = asking;
    return asking;
  }
}
