import { setTimeout as pause } from 'node:timers/promises';

/** How long work waits for what came before it. A store that stalls must not make those who wait stall one by one. */
const PATIENCE_MS = 1_000;

/** Lets work of one name begin when what came before it is over, in the order in which it came. */
export class Queues {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Gives what the work gives, or rejects with it. */
  async behind<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name);
    const mine = before === undefined ? work() : patiently(before).then(work);
    const over = mine.catch(() => undefined);
    this.last.set(name, over);
    try {
      return await mine;
    } finally {
      if (this.last.get(name) === over) this.last.delete(name);
    }
  }

  /** Names that work is going on under. */
  get size(): number {
    return this.last.size;
  }
}

async function patiently(before: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const tired = pause(PATIENCE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([before, tired]);
  enough.abort();
}
