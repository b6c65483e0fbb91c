/** How often another process's progress is looked for while somebody waits. Milliseconds. */
const POLL_MS = 15;

/** Where the awaited tables stand; a poisoned projection will not go on by itself. */
export interface Reach {
  readonly position: number;
  readonly stuck: boolean;
}

interface Waiter {
  readonly position: number;
  readonly projections: readonly string[];
  readonly settle: (reached: boolean) => void;
}

export interface WaitingOptions {
  readonly names: readonly string[];
  /** Where each projection's tables stand for a reader of this process. */
  readonly reach: () => ReadonlyMap<string, Reach>;
  /** A number that differs when another connection has written. */
  readonly dataVersion: () => number;
  /** True while this process projects itself and so knows of every advance. */
  readonly projecting: () => boolean;
}

/** Lets callers wait until tables can be read at a position, whichever process projects. */
export class Waiting {
  private readonly waiters = new Set<Waiter>();
  private readonly listeners = new Set<(position: number) => void>();
  private reach: ReadonlyMap<string, Reach>;
  private announced: number;
  private version = -1;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: WaitingOptions) {
    this.reach = options.reach();
    this.announced = this.lowest();
  }

  /** Resolves with false on time-out, or at once where a projection is stuck before the position. */
  waitFor(position: number, projections: readonly string[], timeoutMs: number): Promise<boolean> {
    const known = this.answer(position, projections);
    if (known === true) return Promise.resolve(true);
    this.reach = this.options.reach();
    const fresh = this.answer(position, projections);
    if (fresh !== undefined) return Promise.resolve(fresh);
    return new Promise((resolve) => {
      const timeout = setTimeout(() => waiter.settle(false), timeoutMs);
      const waiter: Waiter = {
        position,
        projections,
        settle: (reached) => {
          clearTimeout(timeout);
          this.waiters.delete(waiter);
          this.keepTime();
          resolve(reached);
        },
      };
      this.waiters.add(waiter);
      this.keepTime();
    });
  }

  onAdvance(listener: (position: number) => void): () => void {
    this.listeners.add(listener);
    this.keepTime();
    return () => {
      this.listeners.delete(listener);
      this.keepTime();
    };
  }

  /** Tables may have advanced. */
  notify(): void {
    this.reach = this.options.reach();
    for (const waiter of [...this.waiters]) {
      const reached = this.answer(waiter.position, waiter.projections);
      if (reached !== undefined) waiter.settle(reached);
    }
    const lowest = this.lowest();
    if (lowest <= this.announced) return;
    this.announced = lowest;
    for (const listener of [...this.listeners]) listener(lowest);
  }

  close(): void {
    for (const waiter of [...this.waiters]) waiter.settle(false);
    this.listeners.clear();
    this.keepTime();
  }

  private answer(position: number, projections: readonly string[]): boolean | undefined {
    let all = true;
    for (const name of projections) {
      const reach = this.reach.get(name);
      if (reach !== undefined && reach.position >= position) continue;
      if (reach?.stuck) return false;
      all = false;
    }
    return all || undefined;
  }

  /** A stuck projection holds nobody else's news up. */
  private lowest(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const name of this.options.names) {
      const reach = this.reach.get(name);
      if (!reach?.stuck) lowest = Math.min(lowest, reach?.position ?? 0);
    }
    return lowest === Number.POSITIVE_INFINITY ? 0 : lowest;
  }

  private keepTime(): void {
    const needed = this.waiters.size > 0 || this.listeners.size > 0;
    if (needed && !this.timer) this.timer = setInterval(() => this.poll(), POLL_MS);
    if (needed || !this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private poll(): void {
    if (this.options.projecting()) return;
    const version = this.options.dataVersion();
    if (version === this.version) return;
    this.version = version;
    this.notify();
  }
}
