import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column, ColumnKind } from '../../api/exports/columns';
import { loadDuckDb, parquetFrom } from './parquet';

const directory = mkdtempSync(join(tmpdir(), "palimpsest-parquet's-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const from = join(directory, 'rows.ndjson');
const to = join(directory, 'rows.parquet');
const column = (name: string, kind: ColumnKind): Column => ({ name, kind, read: () => undefined });
const signal = new AbortController().signal;

test('a Parquet file has the rows in order, with typed columns', async () => {
  const kinds = ['text', 'integer', 'real', 'boolean', 'instant', 'day', 'texts', 'json'] as const;
  const row = {
    text: 'it\'s "so"',
    integer: '9007199254740993',
    real: 0.5,
    boolean: true,
    instant: '2026-01-01T00:00:00.123Z',
    day: '2026-01-01',
    texts: ['a', 'b'],
    json: { a: [1, null] },
  };
  const nothing = Object.fromEntries(kinds.map((kind) => [kind, null]));
  const rows = [row, nothing, ...Array.from({ length: 5_000 }, (_, number) => ({ ...nothing, integer: number }))];
  writeFileSync(from, rows.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const duckdb = loadDuckDb();
  const sha256 = await parquetFrom(duckdb, { from, to, columns: kinds.map((kind) => column(kind, kind)), signal });
  expect(sha256).toBe(createHash('sha256').update(readFileSync(to)).digest('hex'));
  const connection = await (await duckdb.DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const read = (await connection.runAndReadAll(`SELECT * FROM '${to.replaceAll("'", "''")}'`)).getRowObjectsJson();
  expect(read).toHaveLength(5_002);
  expect(read[0]).toEqual({ ...row, instant: '2026-01-01 00:00:00.123+00', json: '{"a":[1,null]}' });
  expect(read[1]).toEqual(nothing);
  expect(read.slice(2).map(({ integer }) => Number(integer))).toEqual(Array.from({ length: 5_000 }, (_, n) => n));
  connection.closeSync();
});

test('a Parquet file without rows has its columns', async () => {
  writeFileSync(from, '');
  const duckdb = loadDuckDb();
  await parquetFrom(duckdb, { from, to, columns: [column('id', 'text')], signal });
  const connection = await (await duckdb.DuckDBInstance.create(':memory:')).connect();
  const read = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${to.replaceAll("'", "''")}'`);
  expect(read.getRowObjectsJson()).toMatchObject([{ column_name: 'id', column_type: 'VARCHAR' }]);
  connection.closeSync();
});

test('a failed write leaves no file', async () => {
  writeFileSync(from, '{"id": "not\n');
  const failed = parquetFrom(loadDuckDb(), { from, to: `${to}.part`, columns: [column('id', 'text')], signal });
  await expect(failed).rejects.toThrow('the Parquet file cannot be written');
  expect(existsSync(`${to}.part`)).toBe(false);
});

test('without DuckDB, the error says what it is for and how to install it', () => {
  jest.isolateModules(() => {
    jest.doMock('@duckdb/node-api', () => {
      throw new Error("Cannot find module '@duckdb/node-api'");
    });
    expect(loadDuckDb).toThrow('Parquet is written by DuckDB, the package @duckdb/node-api, which cannot be loaded');
    expect(loadDuckDb).toThrow('or choose --format ndjson or csv');
    jest.dontMock('@duckdb/node-api');
  });
});
