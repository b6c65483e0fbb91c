import type { NewEvent, RecordedEvent } from '../domain/event';
import { type CheckedEvent, checkAppend, RESERVED } from './appendcheck';
import { msOf } from './instant';
import { type ExpectedRevision, Invalid, type Position, type Store } from './store';

/**
 * How a store is filled with events that carry a `recordedAt` of their own: those of another store, whose first
 * `recordedAt` and position come along, and those of a simulated year. No other door leads to this: a store that is
 * opened for work has no `receive`, and its `append` refuses the keys below.
 */

/** Keys of metadata in which a store may keep what it has no column for. They never leave an adapter. */
export const ORIGINAL = { position: `${RESERVED}Position`, recordedAt: `${RESERVED}RecordedAt` } as const;

/** An event with where and when it was first recorded. */
export interface MovedEvent extends NewEvent {
  readonly original: {
    /** Absent where this store is the first to record it. */
    readonly position?: Position;
    /** ISO 8601, UTC, milliseconds. */
    readonly recordedAt: string;
  };
}

/** Consecutive events of one stream, to stand behind the expected revision. */
export interface MovedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly MovedEvent[];
}

/** Events of one `receive` at most. */
export const RECEIVED_AT_ONCE = 4_000;

/** A store that is being filled by a copy: it can be read, and receives events in the order of the log. */
export interface Target extends Omit<Store, 'append' | 'subscribe'> {
  /**
   * Writes these appends in this order, one call at a time, at most 4,000 events. Each is repeatable as an ordinary
   * append is (S2) and refused with the same errors (S9, S13). Where the store cannot be reached or does not answer,
   * what was written is the beginning of them, and where the first conflicts, nothing is. A later one conflicts only
   * where somebody else writes to this store meanwhile, and then some behind it may stand.
   */
  receive(appends: readonly MovedAppend[]): Promise<void>;
}

/** A checked event that came from another store. `recorded` is in milliseconds since 1970. */
export interface CheckedMove extends CheckedEvent {
  readonly original: { readonly position?: Position; readonly recorded: number };
}

/** Throws Invalid or TooLarge with the path of the first thing that cannot be kept exactly as it is. */
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

/** What a reader gets of an event whose adapter keeps its provenance among the metadata. */
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
