import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long queued work waits while nothing before it ends, so that a stalled store does not delay queued callers one
 * after another.
 */
const PATIENCE_MS = 1_000;

interface Line {
  last: Promise<unknown>;
  /** When work under this name last started alone or ended. */
  moved: number;
}

/** Runs work under the same name one at a time, in the order of the calls. */
export class Queues {
  private readonly lines = new Map<string, Line>();

  /** Settles as the work does. If the signal aborts, queued work starts at once. */
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

  /** Whether work under this name is running. */
  has(name: string): boolean {
    return this.lines.has(name);
  }

  /** The number of names with running work. */
  get size(): number {
    return this.lines.size;
  }
}

/**
 * Waits until the previous work has settled, until nothing under this name has ended for too long, or until the signal
 * aborts.
 */
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
