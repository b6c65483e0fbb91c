import { positionOf } from '../../store/instant';
import type { LogMark, Role, Standing, Survey, Work } from '../engine';
import type { Connection } from './driver';
import { quote } from './schema';

/** Raised when the tables below change. */
const STATE_LAYOUT = 1;

/** The runtime's own tables in a schema, quoted and full. */
export interface Names {
  readonly schema: string;
  readonly projection: string;
  readonly moment: string;
  readonly log: string;
  readonly fence: string;
  /** The channel on which progress is told; the only one that is not quoted. */
  readonly channel: string;
}

export function namesIn(schema: string): Names {
  const full = (name: string) => `${quote(schema)}.${name}`;
  return {
    schema,
    projection: full('runtime_projection'),
    moment: full('runtime_moment'),
    log: full('runtime_log'),
    fence: full('runtime_fence'),
    channel: `${schema}_progress`,
  };
}

const ddl = (names: Names) => `
CREATE TABLE IF NOT EXISTS ${names.projection} (
  name text COLLATE "C", role text COLLATE "C", version bigint NOT NULL, generation bigint NOT NULL,
  position text COLLATE "C" NOT NULL, shape text NOT NULL, sealed boolean NOT NULL, poison json,
  PRIMARY KEY (name, role)) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS ${names.moment} (recorded bigint PRIMARY KEY, position text COLLATE "C" NOT NULL);
CREATE TABLE IF NOT EXISTS ${names.log} (
  id int PRIMARY KEY CHECK (id = 1), position text COLLATE "C" NOT NULL, events bigint NOT NULL,
  recorded bigint NOT NULL, last_id text NOT NULL, generations bigint NOT NULL, layout int NOT NULL) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS ${names.fence} (work text COLLATE "C" PRIMARY KEY, token bigint NOT NULL);
INSERT INTO ${names.log} VALUES (1, '${positionOf(0)}', 0, 0, '', 0, ${STATE_LAYOUT}) ON CONFLICT DO NOTHING;
INSERT INTO ${names.fence} VALUES ('projecting', 0), ('rebuilding', 0) ON CONFLICT DO NOTHING;
`;

/** Makes what the runtime needs in its schema; one of another layout is emptied, since all in it can be built again. */
export async function prepareState(connection: Connection, names: Names): Promise<void> {
  const [known] = await connection.query(`SELECT to_regnamespace($1) IS NOT NULL, to_regclass($2) IS NOT NULL`, [
    quote(names.schema),
    names.fence,
  ]);
  if (known?.[1] === true) {
    const [row] = await connection.query(`SELECT layout FROM ${names.log}`);
    if (row?.[0] === STATE_LAYOUT) return;
  }
  await inTransaction(connection, async () => {
    await connection.query(`SELECT pg_advisory_xact_lock(hashtext($1), 0)`, [names.schema]);
    if (known?.[0] !== true) await connection.query(`CREATE SCHEMA IF NOT EXISTS ${quote(names.schema)}`);
    const [table] = await connection.query(`SELECT to_regclass($1) IS NOT NULL`, [names.log]);
    const [row] = table?.[0] === true ? await connection.query(`SELECT layout FROM ${names.log}`) : [];
    if (row !== undefined && row[0] !== STATE_LAYOUT) {
      for (const name of await tablesLike(connection, names, '')) await connection.query(`DROP TABLE ${name} CASCADE`);
    }
    await connection.script(ddl(names));
  });
}

/** Runs as one transaction: all of it or nothing. */
export async function inTransaction<T>(connection: Connection, body: () => Promise<T>, begin = 'BEGIN'): Promise<T> {
  await connection.script(begin);
  try {
    const result = await body();
    await connection.script('COMMIT');
    return result;
  } catch (error) {
    await connection.script('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** The runtime's tables whose name ends so, quoted and full. */
async function tablesLike(connection: Connection, names: Names, ending: string): Promise<readonly string[]> {
  const rows = await connection.query<readonly [string]>(
    `SELECT tablename FROM pg_tables WHERE schemaname = $1 AND right(tablename, length($2)) = $2
       AND (tablename ~ '__[0-9]+$' OR tablename ~ '^runtime_') ORDER BY tablename`,
    [names.schema, ending],
  );
  return rows.map(([name]) => `${quote(names.schema)}.${quote(name)}`);
}

type StandingRow = readonly [string, Role, number, number, string, string, boolean, string | null];
export const standingsSql = (names: Names) =>
  `SELECT name, role, version, generation, position, shape, sealed, poison FROM ${names.projection}`;
export const logSql = (names: Names) => `SELECT position, events, recorded, last_id FROM ${names.log}`;

function standing([name, role, version, generation, position, shape, sealed, poison]: StandingRow): Standing {
  return {
    name,
    role,
    version,
    generation,
    position: Number(position),
    shape,
    sealed,
    poison: poison === null ? undefined : JSON.parse(poison),
  };
}

/** What was read of standings and log mark, in one committed state. */
export class Read implements Survey {
  readonly standings: readonly Standing[];
  private readonly mark: LogMark;

  constructor(standings: readonly unknown[], log: readonly unknown[]) {
    this.standings = (standings as StandingRow[]).map(standing);
    const [position, events, recorded, lastId] = log[0] as readonly [string, number, number, string];
    this.mark = { position: Number(position), events, recorded, lastId };
  }

  find(name: string, role: Role): Standing | undefined {
    return this.standings.find((each) => each.name === name && each.role === role);
  }

  log(): LogMark {
    return this.mark;
  }
}

export async function readState(connection: Connection, names: Names): Promise<Read> {
  const [standings, log] = await connection.script(`${standingsSql(names)}; ${logSql(names)}`);
  return new Read(standings!, log!);
}

export async function writeStanding(connection: Connection, names: Names, standing: Standing): Promise<void> {
  const { name, role, version, generation, position, shape, sealed, poison } = standing;
  await connection.query(
    `INSERT INTO ${names.projection} VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name, role) DO UPDATE
     SET version = excluded.version, generation = excluded.generation, position = excluded.position,
         shape = excluded.shape, sealed = excluded.sealed, poison = excluded.poison`,
    [name, role, version, generation, positionOf(position), shape, sealed, poison ? JSON.stringify(poison) : null],
  );
}

/** A number no tables in this schema have used. */
export async function nextGeneration(connection: Connection, names: Names): Promise<number> {
  const [row] = await connection.query<readonly [number]>(
    `UPDATE ${names.log} SET generations = generations + 1 RETURNING generations`,
  );
  return row![0];
}

/** Drops every table of a generation, whatever its shape was. */
export async function dropGeneration(connection: Connection, names: Names, generation: number): Promise<void> {
  const tables = await tablesLike(connection, names, `__${generation}`);
  if (tables.length > 0) await connection.query(`DROP TABLE ${tables.join(', ')}`);
}

/** Gives the token of the lock a transaction must still hold; a lock that was taken over waits for its end. */
export const fenceSql = (names: Names, work: Work) =>
  `SELECT token FROM ${names.fence} WHERE work = '${work}' FOR SHARE`;

/** Gives the token of a lock and the position of the log that the tables were folded from. */
export const standSql = (names: Names, work: Work) =>
  `SELECT f.token, l.position FROM ${names.fence} f, ${names.log} l WHERE f.work = '${work}'`;
