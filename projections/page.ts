import { nfc } from '../src/domain/characters';
import type { Row, Table } from '../src/tables/projection';
import type { ProjectionReader, Selection, Test } from '../src/tables/reader';

/** A page of a list. The next one is asked for with its last row as `after`. */
export interface Page<R> {
  readonly rows: readonly R[];
  readonly hasNext: boolean;
}

/** A stretch of time: from the first instant, included, to the last, excluded. ISO 8601 UTC milliseconds. */
export interface Window {
  readonly from?: string;
  readonly to?: string;
}

/** Reads one row more than asked for, which tells whether another page follows. */
export async function pageOf<T extends Table>(
  reader: ProjectionReader,
  table: T,
  selection: Selection<Row<T>>,
): Promise<Page<Row<T>>> {
  const rows = await reader.select(table, { ...selection, limit: selection.limit + 1 });
  return { rows: rows.slice(0, selection.limit), hasNext: rows.length > selection.limit };
}

/** Tests on a column that an absent filter leaves out. */
export function is(value: unknown): readonly Test[] {
  return value === undefined ? [] : [{ eq: value }];
}

/** A label is asked for in whichever form it was typed, and stands in normal form C. */
export function label(value: string | undefined): readonly Test[] {
  return is(value === undefined ? undefined : nfc(value));
}

export function oneOf(values: readonly unknown[] | undefined): readonly Test[] {
  return values === undefined ? [] : [{ in: values }];
}

export function within(window: Window | undefined): readonly Test[] {
  const from = window?.from === undefined ? [] : [{ gte: window.from }];
  return window?.to === undefined ? from : [...from, { lt: window.to }];
}
