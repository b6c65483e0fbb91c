import { positionOf } from '../instant';
import { type Database, openDatabase, type SqlValue } from './driver';
import { unavailable } from './file';
import { sumOf } from './sum';

/** Faults that are told; after that many the file is known to be bad. */
const MOST = 10;
const ROWS = 1_000;
const BUSY_TIMEOUT_MS = 5_000;

export interface FileAudit {
  readonly events: number;
  /** Events that an older version of this program wrote, without a check sum. */
  readonly withoutSum: number;
  /** What is wrong, ten at most, each a sentence. */
  readonly faults: readonly string[];
}

type Stored = [...SqlValue[], sum: number | null];

/**
 * Looks at everything an event file holds, page by page and row by row: SQLite's own check of every page and index, that
 * positions begin at 1 and leave none out, that no stream leaves a revision out, that what rows refer to is there, and
 * the check sum of every row. Changes nothing. Blocks while it works; what is appended meanwhile is not looked at.
 * Throws Unavailable where the file cannot be opened or read.
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
  if (events !== last) faults.push(`${events} events stand at positions up to ${last}: ${last - events} are missing`);
  const gaps = ask(
    `SELECT count(*) FROM (SELECT 1 FROM event INDEXED BY sqlite_autoindex_event_1 GROUP BY stream
       HAVING max(revision) - min(revision) + 1 <> count(*))`,
  );
  if (gaps > 0) faults.push(`${gaps} streams leave revisions out`);
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
        faults.push(`the event at ${positionOf(Number(row[0]))} is not as it was written: its check sum differs`);
      }
    }
    onProgress?.(Number(rows.at(-1)![0]), total);
    // In a damaged tree SQLite finds rows in the wrong order, and going on after the last of them would never end.
    const disordered = rows.find(([position], index) => position! <= (index === 0 ? before : rows[index - 1]![0]!));
    if (disordered !== undefined) {
      faults.push(`the event at ${positionOf(Number(disordered[0]))} stands behind a later one`);
      break;
    }
    before = Number(rows.at(-1)![0]);
  }
  return { withoutSum, faults: faults.slice(0, MOST) };
}
