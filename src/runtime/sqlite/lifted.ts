import type { Recorded } from '../../domain/catalogue';
import type { RecordedEvent } from '../../domain/event';

/** An event made ready for every fold: lifted to today's shape, its numbers read once. */
export interface Lifted {
  readonly event: Recorded;
  readonly position: number;
  /** Milliseconds of `occurredAt`. */
  readonly occurred: number;
}

/** The event nobody can fold, and why. */
export interface Unreadable {
  readonly event: RecordedEvent;
  readonly error: unknown;
}
