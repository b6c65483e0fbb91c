import type { Database } from '../../store/sqlite/driver';
import type * as engine from '../engine';
import type { LogMark, Role } from '../engine';
import { quote } from './schema';

/** One generation of a projection's tables, and what this engine knows of it beside. */
export interface Standing extends engine.Standing {
  /** By table: columns in whose order the rows are numbered. */
  readonly creations: Readonly<Record<string, readonly string[]>>;
}

/** What every answer needs to know of a projection's live tables. */
export type Place = Pick<Standing, 'position' | 'creations'>;

/** Raised when the tables below change. */
const FILE_LAYOUT = 4;

/** Texts kept parsed: a few for every projection. */
const CREATIONS_READ = 100;

const DDL = `
CREATE TABLE IF NOT EXISTS runtime_projection (
  name TEXT NOT NULL, role TEXT NOT NULL, version INTEGER NOT NULL, generation INTEGER NOT NULL,
  position INTEGER NOT NULL, shape TEXT NOT NULL, sealed INTEGER NOT NULL, poison TEXT, creations TEXT NOT NULL,
  PRIMARY KEY (name, role)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runtime_word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS runtime_moment (recorded INTEGER PRIMARY KEY, position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS runtime_act (hour INTEGER PRIMARY KEY, position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS runtime_log (
  id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, events INTEGER NOT NULL,
  recorded INTEGER NOT NULL, lastId TEXT NOT NULL, generations INTEGER NOT NULL);
INSERT OR IGNORE INTO runtime_log VALUES (1, 0, 0, 0, '', 0);
`;

/** Makes what the runtime needs in a tables file; one of another layout is emptied, since all in it can be built again. */
export function prepareState(db: Database): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const [layout] = db.prepareArrays<readonly [number]>('PRAGMA user_version').get()!;
    if (layout !== FILE_LAYOUT) dropEverything(db);
    db.exec(`${DDL} PRAGMA user_version = ${FILE_LAYOUT}; COMMIT`);
  } catch (error) {
    db.rollback();
    throw error;
  }
}

function dropEverything(db: Database): void {
  const tables = (where: string) =>
    db.prepareArrays<readonly [string]>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND ${where}`).all();
  const views = db.prepareArrays<readonly [string]>(`SELECT name FROM sqlite_schema WHERE type = 'view'`).all();
  for (const [name] of views) db.exec(`DROP VIEW ${quote(name)}`);
  // A search index takes the tables it keeps with it.
  for (const [name] of tables(`sql LIKE 'CREATE VIRTUAL%'`)) db.exec(`DROP TABLE ${quote(name)}`);
  for (const [name] of tables(`name NOT LIKE 'sqlite%'`)) db.exec(`DROP TABLE ${quote(name)}`);
}

type StandingRow = readonly [string, Role, number, number, number, string, number, string | null, string];
const COLUMNS = 'name, role, version, generation, position, shape, sealed, poison, creations';

function standing(row: StandingRow, creationsIn: (text: string) => Standing['creations']): Standing {
  const [name, role, version, generation, position, shape, sealed, poison, creations] = row;
  return {
    name,
    role,
    version,
    generation,
    position,
    shape,
    sealed: sealed === 1,
    poison: poison === null ? undefined : JSON.parse(poison),
    creations: creationsIn(creations),
  };
}

/** Standings and the log mark of one connection, with their statements prepared once. */
export function openState(db: Database) {
  const one = db.prepareArrays<StandingRow>(`SELECT ${COLUMNS} FROM runtime_projection WHERE name = ? AND role = ?`);
  const place = db.prepareArrays<readonly [number, string]>(
    `SELECT position, creations FROM runtime_projection WHERE name = ? AND role = 'live'`,
  );
  const read = new Map<string, Standing['creations']>();
  const creationsIn = (text: string): Standing['creations'] => {
    const known = read.get(text);
    if (known) return known;
    if (read.size >= CREATIONS_READ) read.clear();
    const creations = JSON.parse(text) as Standing['creations'];
    read.set(text, creations);
    return creations;
  };
  const every = db.prepareArrays<StandingRow>(`SELECT ${COLUMNS} FROM runtime_projection`);
  const mark = db.prepareArrays<readonly [number, number, number, string]>(
    'SELECT position, events, recorded, lastId FROM runtime_log',
  );
  const moment = db.prepareArrays<readonly [number]>(
    'SELECT position FROM runtime_moment WHERE recorded <= ? ORDER BY recorded DESC LIMIT 1',
  );
  const act = db.prepareArrays<readonly [number]>(
    'SELECT position FROM runtime_act WHERE hour <= ? ORDER BY hour DESC LIMIT 1',
  );
  return {
    find(name: string, role: Role): Standing | undefined {
      const row = one.get(name, role);
      return row && standing(row, creationsIn);
    },
    /** Where the live tables of a projection stand. Every answer asks for it, so little is read and less is parsed. */
    livePlace(name: string): Place | undefined {
      const found = place.get(name);
      return found && { position: found[0], creations: creationsIn(found[1]) };
    },
    all: (): readonly Standing[] => every.all().map((row) => standing(row, creationsIn)),
    log(): LogMark {
      const [position, events, recorded, lastId] = mark.get()!;
      return { position, events, recorded, lastId };
    },
    /** The last position of the longest prefix recorded at or before that millisecond. */
    positionAt: (recorded: number): number => moment.get(recorded)?.[0] ?? 0,
    /** No event behind this position was done up to that millisecond. */
    lastActBy: (occurred: number): number => act.get(hourOf(occurred))?.[0] ?? 0,
  };
}

/** Acts are remembered by the hour: a row for each takes next to no room, and is as good as one for each instant. */
export function hourOf(milliseconds: number): number {
  return Math.floor(milliseconds / 3_600_000);
}

export type State = ReturnType<typeof openState>;

/** Writes standings, with its statement prepared once. Only inside a write transaction. */
export function standingWriter(db: Database): (standing: Standing) => void {
  const write = db.prepare(`INSERT OR REPLACE INTO runtime_projection (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return ({ name, role, version, generation, position, shape, sealed, poison, creations }) => {
    const written = poison ? JSON.stringify(poison) : null;
    write.run(
      ...[name, role, version, generation, position, shape, Number(sealed), written],
      JSON.stringify(creations),
    );
  };
}

export function writeStanding(db: Database, standing: Standing): void {
  standingWriter(db)(standing);
}

/** A number no tables in this file have used. Only inside a write transaction. */
export function nextGeneration(db: Database): number {
  const row = db
    .prepareArrays<readonly [number]>('UPDATE runtime_log SET generations = generations + 1 RETURNING generations')
    .all()[0];
  return row![0];
}

/** Drops every table of a generation, whatever its shape was. Only inside a write transaction. */
export function dropGeneration(db: Database, generation: number): void {
  const names = db
    .prepareArrays<readonly [string, string]>(
      `SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name LIKE ? ORDER BY type DESC`,
    )
    .all(`%__${generation}`);
  for (const [name, type] of names) {
    if (name.endsWith(`__${generation}`)) db.exec(`DROP ${type} ${quote(name)}`);
  }
}

/**
 * Forgets every projection and everything known of the log: what follows is built anew. Words keep their numbers, which
 * readers in other processes remember.
 */
export function clearTables(db: Database): void {
  for (const { generation } of openState(db).all()) dropGeneration(db, generation);
  db.exec(`DELETE FROM runtime_projection; DELETE FROM runtime_moment; DELETE FROM runtime_act;
    UPDATE runtime_log SET position = 0, events = 0, recorded = 0, lastId = ''`);
}
