import type { RecordedEvent } from '../domain/event';
import type { At } from './reader';
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

/** A moment in numbers: a position, and milliseconds. Throws RangeError for what is none. */
export function momentOf(at: At): {
  readonly position: number | undefined;
  readonly recordedAt: number | undefined;
  readonly occurredAt: number | undefined;
} {
  const number = (value: string | undefined, pack: (text: string) => number | undefined, kind: string) => {
    const packed = value === undefined ? undefined : pack(value);
    if (value !== undefined && packed === undefined) throw new RangeError(`${value} is not ${kind}`);
    return packed;
  };
  const { position, recordedAt, occurredAt }: { position?: string; recordedAt?: string; occurredAt?: string } = at;
  return {
    position: number(position, packPosition, 'a position'),
    recordedAt: number(recordedAt, packInstant, 'an instant'),
    occurredAt: number(occurredAt, packInstant, 'an instant'),
  };
}
