import { setTimeout as pause } from 'node:timers/promises';

/** How long work waits while nothing before it ends. A store that stalls must not make those who wait stall one by one. */
const PATIENCE_MS = 1_000;

interface Line {
  last: Promise<unknown>;
  /** When work of this name began alone, or ended, last. */
  moved: number;
}

/** Lets work of one name begin when what came before it is over, in the order in which it came. */
export class Queues {
  private readonly lines = new Map<string, Line>();

  /** Gives what the work gives, or rejects with it. When the signal aborts, work that waits begins at once. */
  async behind<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const found = this.lines.get(name);
    const line = found ?? { last: Promise.resolve(), moved: performance.now() };
    if (!found) this.lines.set(name, line);
    const mine = found === undefined ? work() : patiently(line.last, line, signal).then(work);
    const moved = () => {
      line.moved = performance.now();
    };
    const over = mine.then(moved, moved);
    line.last = over;
    try {
      return await mine;
    } finally {
      if (line.last === over) this.lines.delete(name);
    }
  }

  /** Whether work of this name is going on. */
  has(name: string): boolean {
    return this.lines.has(name);
  }

  /** Names that work is going on under. */
  get size(): number {
    return this.lines.size;
  }
}

/** Until what came before is over, or nothing of this name has ended for too long, or the signal aborts. */
async function patiently(before: Promise<unknown>, line: Line, signal: AbortSignal | undefined): Promise<void> {
  const enough = new AbortController();
  const abort = () => enough.abort();
  signal?.addEventListener('abort', abort);
  const ended = before.then(() => enough.abort());
  const left = () => line.moved + PATIENCE_MS - performance.now();
  while (!enough.signal.aborted && left() > 0) {
    await Promise.race([ended, pause(left(), undefined, { signal: enough.signal }).catch(() => undefined)]);
  }
  enough.abort();
  signal?.removeEventListener('abort', abort);
}
