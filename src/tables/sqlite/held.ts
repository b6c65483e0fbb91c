import type { SqlValue } from '../../store/sqlite/driver';

/** What SQLite knows of a row in memory. */
export interface Held {
  /** Its key as one string. */
  readonly name: string;
  /** The row in stored form, and the form it takes when the event is settled. */
  packed: SqlValue[] | undefined;
  next: SqlValue[] | undefined;
  /** What the live table holds until the batch is written. */
  live: SqlValue[] | undefined;
  /** The last form before a deletion: its key is what remains. */
  last: SqlValue[] | undefined;
  rowid: number;
  /** The rowid the live table knows it by: another one where the row went and came back in one batch. */
  liveRowid: number;
  /** Position since when the row is as it is. */
  from: number;
  /** Effective time since when there is this row, or none. */
  effective: number;
  gone: boolean;
  dirty: boolean;
}

/** Of a row that nothing is known of yet. */
export function unknown(name: string): Held {
  return {
    name,
    packed: undefined,
    next: undefined,
    live: undefined,
    last: undefined,
    rowid: 0,
    liveRowid: 0,
    from: 0,
    effective: Number.NEGATIVE_INFINITY,
    gone: false,
    dirty: false,
  };
}
