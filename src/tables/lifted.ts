import type { Recorded } from '../domain/catalogue';
import type { RecordedEvent } from '../domain/event';
import { upcast } from '../domain/upcast';
import { packInstant, packPosition } from './numbers';

/** An event made ready for every fold: lifted to today's shape, its numbers read once. */
export interface Lifted {
  readonly event: Recorded;
  readonly position: number;
  /** Milliseconds of `occurredAt`. */
  readonly occurred: number;
}

/** The event that cannot be folded, and why. */
export interface Unreadable {
  readonly event: RecordedEvent;
  readonly error: unknown;
}

/** Up to the first event that this program cannot read: that one stops every projection, and nothing behind it is folded. */
export function lift(events: readonly RecordedEvent[]): { lifted: Lifted[]; unreadable: Unreadable | undefined } {
  const lifted: Lifted[] = [];
  for (const event of events) {
    try {
      const position = packPosition(event.position);
      const occurred = packInstant(event.metadata.occurredAt);
      if (position === undefined) throw new Error(`${event.position} is not a position`);
      if (occurred === undefined) throw new Error(`occurredAt is not an instant: ${event.metadata.occurredAt}`);
      lifted.push({ event: upcast(event), position, occurred });
    } catch (error) {
      return { lifted, unreadable: { event, error } };
    }
  }
  return { lifted, unreadable: undefined };
}
