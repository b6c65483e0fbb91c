import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, Reach } from './engine';

interface Waiter {
  readonly position: number;
  readonly projections: readonly string[];
  readonly settle: (reached: boolean) => void;
}

/** Lets callers wait until tables can be read at a position, whichever process projects. */
export class Waiting {
  private readonly waiters = new Set<Waiter>();
  private readonly listeners = new Set<(position: number) => void>();
  private reach: ReadonlyMap<string, Reach>;
  private announced: number;
  private endGathering: (() => void) | undefined;
  private unwatch: (() => void) | undefined;

  constructor(
    private readonly names: readonly string[],
    private readonly engine: Pick<Engine, 'reach' | 'watch'>,
  ) {
    this.reach = engine.reach();
    this.announced = this.lowest();
  }

  /** Resolves with false on time-out, or at once where a projection is stuck before the position. */
  waitFor(position: number, projections: readonly string[], timeoutMs: number): Promise<boolean> {
    const known = this.answer(position, projections);
    if (known === true) return Promise.resolve(true);
    this.reach = this.engine.reach();
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
          this.keepWatch();
          resolve(reached);
        },
      };
      this.waiters.add(waiter);
      this.endGathering?.();
      this.keepWatch();
    });
  }

  /** Resolves when the time is over, or as soon as somebody waits for a position: at once where somebody does already. */
  async nobodyFor(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.waiters.size > 0) return;
    const waited = new AbortController();
    this.endGathering = () => waited.abort();
    const either = signal ? AbortSignal.any([signal, waited.signal]) : waited.signal;
    await pause(ms, undefined, { signal: either }).catch(() => signal?.throwIfAborted());
    this.endGathering = undefined;
  }

  onAdvance(listener: (position: number) => void): () => void {
    this.listeners.add(listener);
    this.keepWatch();
    return () => {
      this.listeners.delete(listener);
      this.keepWatch();
    };
  }

  /** Tables may have advanced. */
  notify(): void {
    this.reach = this.engine.reach();
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
    this.keepWatch();
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

  /** A stopped projection does not delay notices of the others. */
  private lowest(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const name of this.names) {
      const reach = this.reach.get(name);
      if (!reach?.stuck) lowest = Math.min(lowest, reach?.position ?? 0);
    }
    return lowest === Number.POSITIVE_INFINITY ? 0 : lowest;
  }

  private keepWatch(): void {
    const needed = this.waiters.size > 0 || this.listeners.size > 0;
    if (needed) this.unwatch ??= this.engine.watch(() => this.notify());
    if (needed) return;
    this.unwatch?.();
    this.unwatch = undefined;
  }
}
