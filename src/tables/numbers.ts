import type { RecordedEvent } from '../domain/event';
import { millisecondsOf } from './sqlite/instants';

// The columns of a row share their event's position and instants, so what was read last is mostly asked for next.
const last = { instant: '', milliseconds: 0, position: '', number: 0 };

/** Milliseconds since 1970; undefined for what is no instant. */
export function packInstant(instant: string): number | undefined {
  if (instant === last.instant) return last.milliseconds;
  const milliseconds = millisecondsOf(instant);
  if (milliseconds === undefined) return undefined;
  last.instant = instant;
  last.milliseconds = milliseconds;
  return milliseconds;
}

export function packPosition(position: string): number | undefined {
  if (position === last.position) return last.number;
  const number = Number(position);
  if (!Number.isSafeInteger(number) || number < 0) return undefined;
  last.position = position;
  last.number = number;
  return number;
}

/** Names the event whose rows are packed next. */
export function expectToPack(event: RecordedEvent, position: number, occurred: number): void {
  last.position = event.position;
  last.number = position;
  last.instant = event.metadata.occurredAt;
  last.milliseconds = occurred;
}
