import type { Column } from './columns';
import type { Ending, ExportPage } from './exports';

/** A way to write rows as text. */
export interface Format {
  readonly mediaType: string;
  /** What stands before the rows. */
  head(columns: readonly Column[]): string;
  /** A text for each row. `cursors`: whether it says, where the format can, by which cursor to go on behind it. */
  rows(columns: readonly Column[], page: ExportPage, cursors: boolean): readonly string[];
  /** The last line, by which a reader sees that nothing is missing. */
  end(ending: Ending): string;
  /** The last line of an export that could not be ended. */
  failed(errors: unknown): string;
}

/** One JSON object a line. */
const ndjson: Format = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  head: () => '',
  rows: (_columns, { rows, cursors }, withCursors) =>
    rows.map((row, index) => `${JSON.stringify(withCursors ? { ...row, cursor: cursors[index] } : row)}\n`),
  end: (ending) => `${JSON.stringify({ end: ending })}\n`,
  failed: (errors) => `${JSON.stringify({ errors })}\n`,
};

/**
 * RFC 4180. Null is nothing between two commas, an empty text two quotes. Lists and objects are JSON. A text that a
 * spreadsheet would take for a formula has an apostrophe before it.
 */
const csv: Format = {
  mediaType: 'text/csv; charset=utf-8; header=present',
  head: (columns) => `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`,
  rows: (columns, { rows }) => rows.map((row) => `${columns.map(({ name }) => cell(row[name])).join(',')}\r\n`),
  // Anything behind the last row would be one more row.
  end: () => '',
  failed: () => '',
};

export const FORMATS = { ndjson, csv } as const satisfies Record<string, Format>;
export type FormatName = keyof typeof FORMATS;

/** What spreadsheets begin a formula with, as they read a cell: by the first character, full-width ones included. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return quoted(FORMULA.test(value) ? `'${value}` : value);
  return typeof value === 'object' ? quoted(JSON.stringify(value)) : String(value);
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
