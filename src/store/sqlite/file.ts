import { Unavailable } from '../store';
import { type Database, DatabaseFault, openDatabase } from './driver';

/** `PLMP`: marks a SQLite file as an event file of this program. */
const APPLICATION = 0x504c4d50;
/** Incremented when programs of the previous format could no longer read or extend the file. */
const FORMAT = 2;
/** The first format has no checksums; its events stay without. */
const TO_SECOND = 'ALTER TABLE event ADD COLUMN sum INTEGER; PRAGMA user_version = 2;';

/** Number of columns of the event table, by format. */
const COLUMNS_OF: Readonly<Record<number, number>> = { 1: 10, 2: 11 };

/** SQL for the UUID text of 16 bytes of a blob, starting at a byte (1-based). */
const uuid = (blob: string, at: number): string => {
  const part = (offset: number, bytes: number) => `hex(substr(${blob}, ${at + offset}, ${bytes}))`;
  return `lower(${[part(0, 4), part(4, 2), part(6, 2), part(8, 2), part(10, 6)].join(" || '-' || ")})`;
};
const instant = (ms: string): string => `strftime('%Y-%m-%dT%H:%M:%fZ', ${ms} / 1000.0, 'unixepoch')`;

/**
 * The view `log` is for people with a SQLite shell; the program reads the tables. Triggers refuse every change and
 * deletion, including INSERT OR REPLACE, which would delete without firing a delete trigger.
 */
const SCHEMA = `
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE stream (id INTEGER PRIMARY KEY, category TEXT NOT NULL, key BLOB NOT NULL, UNIQUE (key, category)) STRICT;
CREATE TABLE event (
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES stream,
  revision INTEGER NOT NULL,
  kind INTEGER NOT NULL REFERENCES word,
  who INTEGER NOT NULL,
  recorded INTEGER NOT NULL,
  occurred INTEGER,
  ids BLOB NOT NULL,
  extra TEXT,
  data TEXT NOT NULL,
  sum INTEGER,
  UNIQUE (stream, revision)
) STRICT;
CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.position <> 1 + ifnull((SELECT max(position) FROM event), 0)
  OR NEW.revision <= (SELECT max(revision) FROM event WHERE stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'an event can only be added at the end'); END;
${['event', 'stream', 'word']
  .flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (act) => `CREATE TRIGGER ${table}_never_${act.toLowerCase()} BEFORE ${act} ON ${table}
BEGIN SELECT RAISE(ABORT, '${act} of ${table} refused: what happened never changes'); END;`,
    ),
  )
  .join('\n')}
CREATE VIEW log AS SELECT
  position,
  CASE length(key) WHEN 0 THEN category ELSE category || '-' || ${uuid('key', 1)} END AS stream,
  revision,
  kind.text ->> 'type' AS type,
  ${uuid('ids', 1)} AS id,
  ${instant('recorded')} AS recorded_at,
  ${instant('occurred')} AS occurred_at,
  who.text ->> 'actorId' AS actor,
  kind.text ->> 'tool' AS tool,
  CASE WHEN length(ids) > 16 THEN ${uuid('ids', 17)} END AS command,
  data,
  extra
FROM event JOIN stream ON stream.id = event.stream JOIN word AS kind ON kind.id = kind LEFT JOIN word AS who ON who.id = who;
PRAGMA application_id = ${APPLICATION};
PRAGMA user_version = ${FORMAT};
`;

export interface FileOptions {
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
  readonly readOnly?: boolean;
}

/** Opens or creates an event file. Throws Unavailable, naming the file, if it cannot be used. */
export function openEventFile(path: string, options: FileOptions): Database {
  return unavailable(path, () => {
    const database = openDatabase(path, { ...options, cacheKiB: 16_384, mmapBytes: 0 });
    try {
      prepare(path, database, options.readOnly ?? false);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function prepare(path: string, database: Database, readOnly: boolean): void {
  const before = formatOf(path, database);
  // A read-only store can read the older format as it is.
  if (before === FORMAT || (before > 0 && readOnly)) return;
  if (readOnly) throw new Unavailable(`${path} holds no events yet, and is opened for reading only`);
  // The lock serialises two processes that both find an empty file.
  database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
  try {
    const format = formatOf(path, database);
    if (format === 0) database.exec(SCHEMA);
    else if (format === 1) database.exec(TO_SECOND);
    database.exec('COMMIT; PRAGMA busy_timeout = 0');
  } catch (error) {
    database.rollback();
    throw error;
  }
}

/** 0 for an empty file. Throws a DatabaseFault if the header names a format that does not match the tables. */
function formatOf(path: string, database: Database): number {
  const ask = (sql: string) => Number(database.prepareArrays<[number]>(sql).get()?.[0]);
  const number = (pragma: string) => ask(`PRAGMA ${pragma}`);
  const tables = ask('SELECT count(*) FROM sqlite_schema');
  const application = number('application_id');
  if (tables === 0 && application === 0) return 0;
  if (application !== APPLICATION) throw new Unavailable(`${path} is a database of another program, not an event file`);
  const format = number('user_version');
  if (format > FORMAT) {
    throw new Unavailable(`${path} has event file format ${format}; this program knows ${FORMAT}: use a newer one`);
  }
  const columns = ask("SELECT count(*) FROM pragma_table_info('event')");
  if (columns !== COLUMNS_OF[format]) {
    const cause = new Error(`its header names format ${format}, and its table of events has ${columns} columns`);
    throw new DatabaseFault(path, 'damaged', cause);
  }
  return format;
}

/** Runs a step on the file and turns a database fault into Unavailable, with the file's name and the reason. */
export function unavailable<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw asUnavailable(path, error);
  }
}

export function asUnavailable(path: string, error: unknown): unknown {
  if ((error as { code?: unknown }).code === 'ERR_INVALID_STATE')
    return new Unavailable(`${path} is closed`, { cause: error });
  const fault = DatabaseFault.of(path, error);
  return fault === undefined ? error : new Unavailable(fault.message, { cause: fault });
}
