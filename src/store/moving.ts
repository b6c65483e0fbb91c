import type { NewEvent, RecordedEvent } from '../domain/event';
import { type CheckedEvent, checkAppend, RESERVED } from './appendcheck';
import { msOf } from './instant';
import { type ExpectedRevision, Invalid, type Position, type Store } from './store';

/**
 * How a store is filled with events that carry their own `recordedAt`: events of another store, with their original
 * `recordedAt` and position, and events of a simulated year. Only this interface does so: a store opened for normal
 * work has no `receive`, and its `append` refuses the keys below.
 */

/** Metadata keys in which a store may keep what it has no column for. They never leave an adapter. */
export const ORIGINAL = { position: `${RESERVED}Position`, recordedAt: `${RESERVED}RecordedAt` } as const;

/** An event with its original provenance: where and when it was first recorded. */
export interface MovedEvent extends NewEvent {
  readonly original: {
    /** Absent if this store is the first to record the event. */
    readonly position?: Position;
    /** ISO 8601, UTC, milliseconds. */
    readonly recordedAt: string;
  };
}

/** Consecutive events of one stream, to be written after the expected revision. */
export interface MovedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly MovedEvent[];
}

/** Maximum number of events in one `receive`. */
export const RECEIVED_AT_ONCE = 4_000;

/** A store being filled by a copy: it can be read, and receives events in the order of the log. */
export interface Target extends Omit<Store, 'append' | 'subscribe'> {
  /**
   * Writes these appends in order, one call at a time, at most 4,000 events. Each is repeatable like an ordinary append
   * (S2) and refused with the same errors (S9, S13). If the store is unreachable or does not answer, what was written
   * is a prefix of them; if the first conflicts, nothing was written. A later one conflicts only if another program
   * writes to this store at the same time, and then some behind it may have been written.
   */
  receive(appends: readonly MovedAppend[]): Promise<void>;
}

/** A checked event from another store. `recorded` is in milliseconds since 1970. */
export interface CheckedMove extends CheckedEvent {
  readonly original: { readonly position?: Position; readonly recorded: number };
}

/** Throws Invalid or TooLarge with the path of the first value that cannot be stored exactly. */
export function checkMoved({ stream, expected, events }: MovedAppend): readonly CheckedMove[] {
  return checkAppend(stream, expected, events).map((event, index) => {
    const { position, recordedAt } = events[index]!.original;
    const recorded = msOf(recordedAt);
    const path = `events[${index}].original`;
    if (recorded === undefined) throw new Invalid(`${path}.recordedAt`, 'must be ISO 8601, UTC, milliseconds');
    if (position !== undefined && !/^\d{20}$/.test(position))
      throw new Invalid(`${path}.position`, 'must be a position');
    return { ...event, original: { ...(position === undefined ? {} : { position }), recorded } };
  });
}

/** An event as returned to readers, by an adapter that keeps provenance in the metadata. */
export function lifted(event: RecordedEvent): RecordedEvent {
  const kept = event.metadata as unknown as Readonly<Record<string, string>>;
  const { [ORIGINAL.position]: position, [ORIGINAL.recordedAt]: recordedAt, ...metadata } = kept;
  if (position === undefined && recordedAt === undefined) return event;
  return {
    ...event,
    metadata: metadata as unknown as RecordedEvent['metadata'],
    recordedAt: recordedAt ?? event.recordedAt,
    ...(position === undefined || position === event.position ? {} : { originalPosition: position }),
  };
}
