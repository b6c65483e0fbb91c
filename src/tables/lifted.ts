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
  /** Effective time: `occurred`, but never before the first event of its own stream. Milliseconds. */
  readonly effective: number;
}

/** The event that cannot be folded, and why. */
export interface Unreadable {
  readonly event: RecordedEvent;
  readonly error: unknown;
}

/** A stretch of the log on its way into tables. */
export interface Portion {
  readonly events: readonly RecordedEvent[];
  /** The events up to the first that this program cannot read: it stops every projection, and nothing behind it is folded. */
  readonly lifted: readonly Lifted[];
  readonly unreadable: Unreadable | undefined;
}

/** `effectiveOf` gives the effective time of the event at that place, which occurred at that millisecond. */
export function lift(
  events: readonly RecordedEvent[],
  effectiveOf: (event: RecordedEvent, occurred: number, at: number) => number,
): Portion {
  const lifted: Lifted[] = [];
  for (const [at, event] of events.entries()) {
    try {
      const position = packPosition(event.position);
      const occurred = packInstant(event.metadata.occurredAt);
      if (position === undefined) throw new Error(`${event.position} is not a position`);
      if (occurred === undefined) throw new Error(`occurredAt is not an instant: ${event.metadata.occurredAt}`);
      lifted.push({ event: upcast(event), position, occurred, effective: effectiveOf(event, occurred, at) });
    } catch (error) {
      return { events, lifted, unreadable: { event, error } };
    }
  }
  return { events, lifted, unreadable: undefined };
}
