import { Unavailable } from '../store';
import type { Database, Statement } from './driver';
import { unavailable } from './file';

/** How often a waiting subscription checks whether another process has written. */
const LOOK_MS = 20;

/**
 * Wakes readers that wait for new events: at once after an append of this process, and within LOOK_MS after one of
 * another process. SQLite counts the commits of other processes, and reading that counter touches no page.
 */
export class Wakes {
  private count = 0;
  private version: number;
  private waiting = new Set<(error?: Unavailable) => void>();
  private timer: NodeJS.Timeout | undefined;
  private closed: Unavailable | undefined;
  private readonly dataVersion: Statement<[number]>;

  constructor(
    database: Database,
    private readonly path: string,
  ) {
    this.dataVersion = database.prepareArrays('PRAGMA data_version');
    this.version = this.look();
  }

  wake(): void {
    this.count += 1;
    for (const waiter of [...this.waiting]) waiter();
  }

  /**
   * Call it before reading and pass the result to `after` if there was nothing to read, so that nothing in between is
   * missed.
   */
  heard(): number {
    return this.count;
  }

  /** Resolves on the first wake after `heard` or when the signal aborts; rejects when the store closes or fails. */
  after(heard: number, signal: AbortSignal): Promise<void> {
    if (this.closed !== undefined) return Promise.reject(this.closed);
    if (this.count > heard || signal.aborted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (error?: Unavailable) => {
        this.waiting.delete(waiter);
        signal.removeEventListener('abort', aborted);
        if (this.waiting.size === 0) this.rest();
        if (error === undefined) resolve();
        else reject(error);
      };
      const waiter = (error?: Unavailable) => done(error);
      const aborted = () => done();
      this.waiting.add(waiter);
      signal.addEventListener('abort', aborted, { once: true });
      this.timer ??= setInterval(() => this.listen(), LOOK_MS).unref();
    });
  }

  close(): void {
    this.closed = new Unavailable(`${this.path} is closed`);
    this.fail(this.closed);
  }

  private listen(): void {
    try {
      const version = this.look();
      if (version === this.version) return;
      this.version = version;
      this.wake();
    } catch (error) {
      this.fail(error as Unavailable);
    }
  }

  private fail(error: Unavailable): void {
    this.rest();
    for (const waiter of [...this.waiting]) waiter(error);
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): number {
    return unavailable(this.path, () => this.dataVersion.get()?.[0] ?? 0);
  }
}
