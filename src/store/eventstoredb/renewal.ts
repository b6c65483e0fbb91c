import { meaningOf } from './meaning';
import { NoAnswer, within } from './timer';

/** After this many consecutive calls without an answer, the connection is suspect. */
const SUSPECT = 3;
/** Minimum pause between two renewals, in milliseconds: reconnecting faster does not help if the server is down. */
const RENEWAL_PAUSE_MS = 500;
/** How long a connection may take to close, in milliseconds. */
const DISPOSE_MS = 2_000;

/**
 * A client connection that is replaced when it reaches no server. The client usually reconnects by itself, but not
 * always: it keeps waiting for an unanswered request about the server's features, and the library below it waits up to
 * two minutes before it tries an address again.
 */
export class RenewedClient<C extends { dispose(): Promise<void> }> {
  private client: C;
  private generation = 0;
  private failures = 0;
  /** Whether the server answered the last call. */
  private answered = false;
  private renewedAt = Number.NEGATIVE_INFINITY;
  private renewing: Promise<void> | undefined;
  private readonly underWay = new Set<(error: Error) => void>();

  constructor(
    private readonly make: (generation: number) => C,
    /** Called each time a call finds the server unreachable. */
    private readonly onAway?: () => void,
  ) {
    this.client = make(this.generation);
  }

  /** The current connection, for calls that start without waiting. */
  get now(): C {
    return this.client;
  }

  /** True if the server was last known to be unreachable, or has not been contacted yet. */
  get doubtful(): boolean {
    return !this.answered;
  }

  /** Records outside evidence that the server is unreachable. */
  doubt(): void {
    this.answered = false;
  }

  async call<T>(work: (client: C) => Promise<T>): Promise<T> {
    // A connection under renewal first cancels its pending calls, and would cancel a new call with them.
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
   * Registers a call that ends with the connection. When a renewal interrupts a read, the client ends it as if it were
   * complete, so every read is notified beforehand. Returns a function that unregisters it.
   */
  watch(end: (error: Error) => void): () => void {
    this.underWay.add(end);
    return () => this.underWay.delete(end);
  }

  /** At most one renewal at a time; concurrent callers share it. */
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
