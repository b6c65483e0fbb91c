import type { RecordedEvent } from '../../domain/event';
import type { LogMark } from '../engine';
import { packInstant } from '../numbers';

/** The log's mark after a batch, and the moments that came with it: `[recorded, position]`. */
export interface Mark extends LogMark {
  readonly moments: readonly (readonly [recorded: number, position: number])[];
}

/**
 * What the log looked like when: for each millisecond the last position of the prefix recorded until then. The store's
 * clock may step back, so the running maximum counts. Poison does not stop it, since it folds nothing but envelopes.
 * Undefined where the batch says nothing new.
 */
export function momentsOf(events: readonly RecordedEvent[], after: number, before: LogMark): Mark | undefined {
  if (before.position < after) return undefined;
  let { position, events: count, recorded } = before;
  let last: RecordedEvent | undefined;
  const moments = new Map<number, number>();
  for (const event of events) {
    const here = Number(event.position);
    if (here <= before.position) continue;
    const at = Math.max(recorded, packInstant(event.recordedAt) ?? recorded);
    if (at > recorded && last) moments.set(recorded, position);
    recorded = at;
    position = here;
    count += 1;
    last = event;
  }
  if (!last) return undefined;
  moments.set(recorded, position);
  return { position, events: count, recorded, lastId: last.id, moments: [...moments] };
}

/** What two marks say together, the second being of what follows the first. */
export function joined(first: Mark | undefined, second: Mark | undefined): Mark | undefined {
  if (!first || !second) return second ?? first;
  return { ...second, moments: [...new Map([...first.moments, ...second.moments])] };
}
