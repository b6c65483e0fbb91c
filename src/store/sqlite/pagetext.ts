import { PAGE, type Row } from './logreader';

/**
 * A page as one JSON text of columns. One long text crosses the driver, the threads and the parser in half the time its
 * values take. Of the columns only `extra` and `data` can be anything, and both are JSON already, so they stand in it
 * as they are. Bytes, since the thread would only make garbage of a string.
 */
export const PAGE_AS_TEXT = `SELECT count(*) AS rows, max(position) AS last, CAST(
  '[[' || group_concat(position || ',' || stream || ',' || revision || ',' || kind || ',' || who || ',' || recorded
    || ',' || ifnull(occurred, 'null'))
  || '],["' || group_concat(lower(hex(ids)), '","') || '"],['
  || group_concat(ifnull(extra, 'null')) || '],[' || group_concat(data) || ']]' AS BLOB) AS text
  FROM (SELECT * FROM event WHERE position > ? AND position <= ? ORDER BY position LIMIT ${PAGE})`;
const NUMBERS = 7;

type Columns = readonly [
  numbers: readonly number[],
  ids: readonly string[],
  extra: readonly Row[8][],
  data: readonly Row[9][],
];

/** A row of that statement; the text is UTF-8. */
export interface Page {
  readonly rows: number;
  readonly last: number;
  readonly text: Uint8Array;
}

/** Undefined for a text that is not these rows and nothing else, as in a damaged file. */
export function parsed({ text, rows: count }: Page, after: number, until: number): Row[] | undefined {
  const columns = columnsOf(text);
  if (columns?.length !== 4) return undefined;
  const [numbers, ids, extra, data] = columns;
  if (numbers.length !== count * NUMBERS || ids.length !== count) return undefined;
  if (extra.length !== count || data.length !== count) return undefined;
  const rows: Row[] = [];
  let last = after;
  for (let row = 0, at = 0; row < count; row += 1, at += NUMBERS) {
    const position = numbers[at]!;
    if (!(position > last)) return undefined;
    last = position;
    const [stream, revision, kind, who] = [numbers[at + 1]!, numbers[at + 2]!, numbers[at + 3]!, numbers[at + 4]!];
    const [recorded, occurred] = [numbers[at + 5]!, numbers[at + 6]!];
    rows.push([position, stream, revision, kind, who, recorded, occurred, ids[row]!, extra[row]!, data[row]!]);
  }
  return last <= until ? rows : undefined;
}

function columnsOf(text: Uint8Array): Columns | undefined {
  try {
    return JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString());
  } catch {
    return undefined;
  }
}
