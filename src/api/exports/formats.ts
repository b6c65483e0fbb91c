import type { Column } from './columns';
import type { Ending, ExportPage } from './exports';

/** A way to write rows as text. */
export interface Format {
  readonly mediaType: string;
  /** The text before the rows. */
  head(columns: readonly Column[]): string;
  /** A text for each row. `cursors`: whether to include each row's cursor, if the format can. */
  rows(columns: readonly Column[], page: ExportPage, cursors: boolean): readonly string[];
  /** The last line, which proves to a reader that nothing is missing. */
  end(ending: Ending): string;
  /** The last line of an export that failed. */
  failed(errors: unknown): string;
}

/** One JSON object per line. */
const ndjson: Format = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  head: () => '',
  rows: (_columns, { rows, cursors }, withCursors) =>
    rows.map((row, index) => `${JSON.stringify(withCursors ? { ...row, cursor: cursors[index] } : row)}\n`),
  end: (ending) => `${JSON.stringify({ end: ending })}\n`,
  failed: (errors) => `${JSON.stringify({ errors })}\n`,
};

/**
 * RFC 4180. Null is empty, an empty text is a pair of quotes. Lists and objects are JSON. A text that a spreadsheet
 * would take for a formula is prefixed with an apostrophe.
 */
const csv: Format = {
  mediaType: 'text/csv; charset=utf-8; header=present',
  head: (columns) => `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`,
  rows: (columns, { rows }) => rows.map((row) => `${columns.map(({ name }) => cell(row[name])).join(',')}\r\n`),
  // Any further line would be read as a row.
  end: () => '',
  failed: () => '',
};

export const FORMATS = { ndjson, csv } as const satisfies Record<string, Format>;
export type FormatName = keyof typeof FORMATS;

/** Characters with which spreadsheets start a formula, including full-width forms. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return quoted(FORMULA.test(value) ? `'${value}` : value);
  return typeof value === 'object' ? quoted(JSON.stringify(value)) : String(value);
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
