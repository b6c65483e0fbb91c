import type { SqlValue } from '../../store/sqlite/driver';

/** A statement that writes. What it answers is of no interest. */
export interface Written {
  run(...values: SqlValue[]): unknown;
}

/** Where statements that write are made. Some run later, in the order they were asked for. */
export interface Writes {
  prepare(sql: string): Written;
}
