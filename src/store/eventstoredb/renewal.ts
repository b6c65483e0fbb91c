import { meaningOf } from './meaning';
import { NoAnswer, within } from './timer';

/** After this many calls in a row without an answer, the connection is suspect. */
const SUSPECT = 3;
/** Between two renewals at least, in milliseconds: a server that is away is not found by connecting faster. */
const RENEWAL_PAUSE_MS = 500;
/** How long a connection gets to let go of what is under way, in milliseconds. */
const DISPOSE_MS = 2_000;

/**
 * One connection of the client, replaced when it reaches no server. The client usually reconnects by itself, but not
 * always: it keeps waiting for an unanswered question about the server's features, and the library below it waits up to
 * two minutes before it tries an address again.
 */
export class RenewedClient<C extends { dispose(): Promise<void> }> {
  private client: C;
  private generation = 0;
  private failures = 0;
  /** Whether the server answered the last that was asked of it. */
  private answered = false;
  private renewedAt = Number.NEGATIVE_INFINITY;
  private renewing: Promise<void> | undefined;
  private readonly underWay = new Set<(error: Error) => void>();

  constructor(
    private readonly make: (generation: number) => C,
    /** Called each time a call finds the server away. */
    private readonly onAway?: () => void,
  ) {
    this.client = make(this.generation);
  }

  /** The connection as it is now, for what is begun without waiting. */
  get now(): C {
    return this.client;
  }

  /** The last that was heard of the server is that it is away, or nothing was heard yet. */
  get doubtful(): boolean {
    return !this.answered;
  }

  /** Something else has told that the server is away. */
  doubt(): void {
    this.answered = false;
  }

  async call<T>(work: (client: C) => Promise<T>): Promise<T> {
    // A connection that is being made anew lets go of what is under way first: what came later would go with it.
    if (this.renewing !== undefined) await this.renewing;
    try {
      const answer = await work(this.client);
      this.heard();
      return answer;
    } catch (error) {
      const meaning = meaningOf(error);
      if (meaning === 'away') this.failed();
      else if (meaning !== 'unsent') this.heard();
      throw error;
    }
  }

  /**
   * Registers something that ends with the connection. When a renewal cuts a read short, the client ends it as if it
   * were complete, so every read is told beforehand. Returns a function that unregisters it.
   */
  watch(end: (error: Error) => void): () => void {
    this.underWay.add(end);
    return () => this.underWay.delete(end);
  }

  /** At most one at a time; concurrent callers share it. */
  renew(): Promise<void> {
    this.renewing ??= this.renewNow().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  async close(): Promise<void> {
    for (const end of [...this.underWay]) end(new NoAnswer('the connection was closed'));
    await within(DISPOSE_MS, this.client.dispose()).catch(() => undefined);
  }

  private async renewNow(): Promise<void> {
    this.renewedAt = performance.now();
    this.failures = 0;
    await this.close();
    this.generation += 1;
    this.client = this.make(this.generation);
  }

  private heard(): void {
    this.failures = 0;
    this.answered = true;
  }

  private failed(): void {
    this.failures += 1;
    this.answered = false;
    this.onAway?.();
    if (this.failures < SUSPECT || performance.now() - this.renewedAt < RENEWAL_PAUSE_MS) return;
    void this.renew();
  }
}
