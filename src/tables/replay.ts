import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '../domain/event';
import { faultOf } from '../store/sqlite/driver';
import type { Delivery } from '../store/store';
import type { EffectiveTimes } from './effective';
import type { Target } from './engine';
import type { FoldProbe } from './probe';

/** How long to wait before asking again for a file another process writes to, and how often. */
const BUSY_PAUSE_MS = 4;
const BUSY_ATTEMPTS = 15_000;

export interface ReplayOptions {
  /** Position behind which the deliveries begin. */
  readonly after: number;
  readonly times: EffectiveTimes;
  /** Events folded in one transaction, at least, unless the log has no more just then. */
  readonly batchSize: number;
  /** Lets events gather after each batch that reached the end of the log. Default: the next one is folded at once. */
  readonly gather?: (signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal;
  /** After each kept batch: position reached and events folded so far. */
  readonly onBatch?: (position: number, events: number) => void;
  /** After each kept batch: what was in it, and when folding it began and ended, in milliseconds since 1970. */
  readonly onFolded?: FoldProbe['folded'] | undefined;
}

/**
 * Folds a range of the log into a target. Live projecting, a rebuild and a private copy differ only in the range and
 * the target. Resolves with false where the target needs earlier events than these; rejects when aborted.
 */
export async function replay(
  deliveries: AsyncIterable<Delivery>,
  target: Target,
  options: ReplayOptions,
): Promise<boolean> {
  let batch: readonly RecordedEvent[] = [];
  let after = options.after;
  let events = 0;
  const keep = async (): Promise<boolean> => {
    const last = batch.at(-1);
    if (!last) return true;
    const began = options.onFolded && Date.now();
    const portion = await options.times.lift(batch);
    const gapless = await patiently(() => target.apply(portion, after), options.signal);
    if (began !== undefined) options.onFolded?.(batch, began, Date.now());
    after = Number(last.position);
    events += batch.length;
    batch = [];
    options.onBatch?.(after, events);
    // A long range must not keep this process from answering.
    await breathe();
    return gapless;
  };
  for await (const delivery of deliveries) {
    options.signal?.throwIfAborted();
    batch = batch.length > 0 ? batch.concat(delivery.events) : delivery.events;
    if (batch.length < options.batchSize && !delivery.caughtUp) continue;
    const some = batch.length > 0;
    if (!(await keep())) return false;
    if (some && delivery.caughtUp) await options.gather?.(options.signal);
  }
  const gapless = await keep();
  await target.finish?.();
  return gapless;
}

/** Pages of a finite range as deliveries. */
export async function* pages(range: AsyncIterable<readonly RecordedEvent[]>): AsyncIterable<Delivery> {
  for await (const events of range) yield { events, caughtUp: false };
}

/** Repeats what another process's write lock keeps from happening, without blocking this thread. */
export async function patiently<T>(attempt: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let left = BUSY_ATTEMPTS; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (faultOf(error) !== 'busy' || left === 0) throw error;
    }
    signal?.throwIfAborted();
    await pause(BUSY_PAUSE_MS);
  }
}
