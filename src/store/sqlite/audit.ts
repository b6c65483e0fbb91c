import { positionOf } from '../instant';
import { type Database, openDatabase, type SqlValue } from './driver';
import { unavailable } from './file';
import { sumOf } from './sum';

/** Maximum number of faults reported; by then the file is known to be damaged. */
const MOST = 10;
const ROWS = 1_000;
const BUSY_TIMEOUT_MS = 5_000;

export interface FileAudit {
  readonly events: number;
  /** Events written by an older version of this program, without a checksum. */
  readonly withoutSum: number;
  /** The faults found, at most ten, each a sentence. */
  readonly faults: readonly string[];
}

type Stored = [...SqlValue[], sum: number | null];

/**
 * Checks everything in an event file: SQLite's own check of pages and indexes, positions and revisions without gaps,
 * references, and the checksum of every row. Changes nothing. Blocks while it runs; events appended meanwhile are not
 * checked. Throws Unavailable if the file cannot be opened or read.
 */
export function auditFile(path: string, onProgress?: (done: number, total: number) => void): FileAudit {
  const database = unavailable(path, () => openDatabase(path, { readOnly: true, busyTimeoutMs: BUSY_TIMEOUT_MS }));
  try {
    return unavailable(path, () => audit(database, onProgress));
  } finally {
    database.close();
  }
}

function audit(database: Database, onProgress: ((done: number, total: number) => void) | undefined): FileAudit {
  const pages = database.prepareArrays<[string]>(`PRAGMA integrity_check(${MOST})`).all();
  const faults = pages.flatMap(([said]) => (said === 'ok' ? [] : `SQLite: ${said}`));
  const ask = (sql: string): number => Number(database.prepareArrays<[number | null]>(sql).get()?.[0] ?? 0);
  const [events, last] = [ask('SELECT count(*) FROM event'), ask('SELECT max(position) FROM event')];
  if (events !== last) faults.push(`${events} events have positions up to ${last}: ${last - events} are missing`);
  const gaps = ask(
    `SELECT count(*) FROM (SELECT 1 FROM event INDEXED BY sqlite_autoindex_event_1 GROUP BY stream
       HAVING max(revision) - min(revision) + 1 <> count(*))`,
  );
  if (gaps > 0) faults.push(`${gaps} streams have missing revisions`);
  const lost = ask(
    `SELECT count(*) FROM event WHERE stream NOT IN (SELECT id FROM stream) OR kind NOT IN (SELECT id FROM word)
       OR (who <> 0 AND who NOT IN (SELECT id FROM word))`,
  );
  if (lost > 0) faults.push(`${lost} events refer to a stream, a type or an actor that the file does not hold`);
  return { events, ...sums(database, last, faults, onProgress) };
}

function sums(
  database: Database,
  total: number,
  faults: string[],
  onProgress: ((done: number, total: number) => void) | undefined,
): Pick<FileAudit, 'withoutSum' | 'faults'> {
  const format = database.prepareArrays<[number]>('PRAGMA user_version').get()?.[0] ?? 0;
  if (format < 2) return { withoutSum: total, faults };
  const page = database.prepareArrays<Stored>(
    'SELECT position, stream, revision, kind, who, recorded, occurred, ids, extra, data, sum FROM event ' +
      `WHERE position > ? ORDER BY position LIMIT ${ROWS}`,
  );
  let withoutSum = 0;
  let begun = false;
  let before = 0;
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1)![0]!)) {
    for (const row of rows) {
      const sum = row.at(-1);
      begun ||= sum !== null;
      if (sum === null && !begun) withoutSum += 1;
      else if (sum !== sumOf(row) && faults.length < MOST) {
        faults.push(`the event at ${positionOf(Number(row[0]))} was changed: its checksum differs`);
      }
    }
    onProgress?.(Number(rows.at(-1)![0]), total);
    // In a damaged tree SQLite returns rows out of order, and continuing after the last of them would never end.
    const disordered = rows.find(([position], index) => position! <= (index === 0 ? before : rows[index - 1]![0]!));
    if (disordered !== undefined) {
      faults.push(`the event at ${positionOf(Number(disordered[0]))} follows a later one`);
      break;
    }
    before = Number(rows.at(-1)![0]);
  }
  return { withoutSum, faults: faults.slice(0, MOST) };
}
