import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Column, ColumnKind } from '../../api/exports/columns';
import { NotAvailable } from '../../config/exit';

type DuckDb = typeof import('@duckdb/node-api');

const PACKAGE = '@duckdb/node-api';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMPTZ',
  day: 'DATE',
  texts: 'VARCHAR[]',
  json: 'JSON',
};

/** Maximum bytes of a row; an event has at most 262,144. */
const LONGEST_ROW = 67_108_864;

/** Loads DuckDB, which is not installed with this program. Throws NotAvailable if it is missing. */
export function loadDuckDb(): DuckDb {
  try {
    return require('@duckdb/node-api') as DuckDb;
  } catch (error) {
    const { message } = error as Error;
    const how = `install it beside this program (npm install ${PACKAGE}), or choose --format ndjson or csv`;
    throw new NotAvailable(
      `Parquet is written by DuckDB, the package ${PACKAGE}, which cannot be loaded: ${how}. ${message.split('\n')[0]}`,
    );
  }
}

/** Writes the rows of an NDJSON file to a Parquet file, in order; returns its SHA-256. */
export async function parquetFrom(
  duckdb: DuckDb,
  { from, to, columns, signal }: { from: string; to: string; columns: readonly Column[]; signal: AbortSignal },
): Promise<string> {
  const instance = await duckdb.DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' });
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    signal.throwIfAborted();
    await connection.run("SET TimeZone = 'UTC'");
    const types = columns.map(({ name, kind }) => `${quoted(name)}: ${quoted(TYPES[kind])}`).join(', ');
    const options = `format = 'newline_delimited', maximum_object_size = ${LONGEST_ROW}, columns = {${types}}`;
    const rows = `SELECT * FROM read_json(${quoted(from)}, ${options})`;
    await connection.run(`COPY (${rows}) TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd)`);
  } catch (error) {
    rmSync(to, { force: true });
    signal.throwIfAborted();
    throw new NotAvailable(`the Parquet file cannot be written: ${(error as Error).message}`);
  } finally {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
  const written = await open(to, 'r+');
  await written.sync().finally(() => written.close());
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(to)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
