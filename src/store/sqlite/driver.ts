import { closeSync, openSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSpecial } from '../special';

/**
 * The only file that opens the SQLite driver. From Node 22.13 that is the built-in `node:sqlite`; on Node 20 it is
 * `@photostructure/sqlite`, which has the same interface. All other code uses the small interface below.
 */

export type SqlValue = string | number | bigint | null | Uint8Array;

/** A prepared statement. A row is an object by column name, or an array if it was prepared by `prepareArrays`. */
export interface Statement<R = Record<string, SqlValue>> {
  run(...values: SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): R | undefined;
  all(...values: SqlValue[]): R[];
  iterate(...values: SqlValue[]): IterableIterator<R>;
}

export interface Database {
  exec(sql: string): void;
  prepare<R = Record<string, SqlValue>>(sql: string): Statement<R>;
  /** Rows are arrays of column values, which is faster and allows repeated column names. */
  prepareArrays<R extends readonly unknown[] = readonly SqlValue[]>(sql: string): Statement<R>;
  /** Defines a function that SQL on this connection may call. */
  function(
    name: string,
    options: { deterministic?: boolean; varargs?: boolean },
    body: (...values: SqlValue[]) => SqlValue,
  ): void;
  /** Rolls back a failed transaction; no error if SQLite has already rolled it back. */
  rollback(): void;
  close(): void;
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** With WAL, FULL survives a power cut and NORMAL a killed process. Default FULL. */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
  /** Milliseconds a statement blocks this thread while another connection holds the lock. Default 0. */
  readonly busyTimeoutMs?: number;
  /** Kibibytes of page cache. Default: SQLite's own 2,000. */
  readonly cacheKiB?: number;
  /** Bytes read through a memory map. Default: none. */
  readonly mmapBytes?: number;
  /** For a new file only; bytes, a power of two. Default 4,096. */
  readonly pageSize?: number;
}

/** The kind of database fault. */
export type Fault = 'busy' | 'full' | 'io' | 'damaged' | 'notDatabase' | 'cannotOpen' | 'readOnly' | 'constraint';

const FAULTS: Readonly<Record<number, Fault>> = {
  5: 'busy',
  6: 'busy',
  8: 'readOnly',
  10: 'io',
  11: 'damaged',
  13: 'full',
  14: 'cannotOpen',
  19: 'constraint',
  26: 'notDatabase',
};

/** Messages without an error number from the Node 20 driver, when reading many rows fails. */
const SAID: Readonly<Record<string, Fault>> = {
  'database is locked': 'busy',
  'database table is locked': 'busy',
  'attempt to write a readonly database': 'readOnly',
  'disk I/O error': 'io',
  'database disk image is malformed': 'damaged',
  'database or disk is full': 'full',
  'unable to open database file': 'cannotOpen',
  'file is not a database': 'notDatabase',
};

const ADVICE: Readonly<Record<Fault, string>> = {
  busy: 'is locked by another process',
  full: 'cannot grow: the disk is full, or the one that takes temporary files',
  io: 'cannot be read or written: the disk reports an error',
  damaged: 'is damaged',
  notDatabase: 'is not a SQLite database, or its first page is damaged',
  cannotOpen: 'cannot be opened: it or its directory is missing, or access is denied',
  readOnly: 'cannot be written: it, or its directory, is read-only',
  constraint: 'holds data that contradicts itself',
};

/** A database file that cannot be used. The message names the file and the reason; `fault` is for programs. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
  constructor(
    readonly path: string,
    readonly fault: Fault,
    cause: unknown,
  ) {
    super(`${path} ${ADVICE[fault]} (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }

  /** The fault behind a driver error; undefined if the error is not the database's. */
  static of(path: string, error: unknown): DatabaseFault | undefined {
    if (error instanceof DatabaseFault) return error;
    const fault = faultOf(error);
    if (fault === undefined) return undefined;
    // If there is no room for the shared-memory file, SQLite reports only a write error.
    return new DatabaseFault(path, fault === 'io' && !hasRoom(path) ? 'full' : fault, error);
  }
}

function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize > SHARED_BYTES;
  } catch {
    return true;
  }
}

/** Minimum size of the memory that connections to one file share. */
const SHARED_BYTES = 32_768;

/** The fault that a driver error stands for; undefined if the error is not the database's. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof DatabaseFault) return error.fault;
  const { errcode, code, message } = (error ?? {}) as { errcode?: unknown; code?: unknown; message?: unknown };
  // Extended result codes contain the primary code in their low byte.
  if (typeof errcode === 'number') return FAULTS[errcode & 0xff];
  return code === 'ERR_SQLITE_ERROR' ? SAID[String(message)] : undefined;
}

/** Throws DatabaseFault for a file that is damaged, foreign, locked, on a full disk, or inaccessible. */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  driver ??= loadDriver();
  let raw: RawDatabase | undefined;
  try {
    const special = [path, `${path}-wal`, `${path}-journal`, `${path}-shm`].find(isSpecial);
    if (special !== undefined)
      throw new DatabaseFault(special, 'cannotOpen', 'it is a named pipe, a socket or a device');
    if (!options.readOnly) makePrivate(path);
    raw = new driver(path, { readOnly: options.readOnly ?? false });
    configure(raw, options);
    return wrap(raw, options.readOnly ?? false);
  } catch (error) {
    raw?.close();
    throw DatabaseFault.of(path, error) ?? error;
  }
}

/**
 * Reads within one turn of the event loop share one transaction: taking SQLite's read lock per statement costs more
 * than most statements. Code that writes, or must see later writes, leaves the transaction first.
 */
export class ReadTurn {
  private open = false;
  private begun = 0;
  private readonly begin: Statement;
  private readonly end: Statement;
  private readonly leaveLater = () => this.leave();

  constructor(private readonly database: Database) {
    this.begin = database.prepare('BEGIN');
    this.end = database.prepare('COMMIT');
  }

  /** Returns the number of the transaction: results of two reads belong together if the number is the same. */
  enter(): number {
    if (this.open) return this.begun;
    this.begin.run();
    this.begun += 1;
    this.open = true;
    setImmediate(this.leaveLater);
    return this.begun;
  }

  leave(): void {
    if (!this.open) return;
    this.open = false;
    try {
      this.end.run();
    } catch (error) {
      // The failed read may have ended the transaction already, or the file may have been closed.
      if ((error as { code?: unknown }).code !== 'ERR_INVALID_STATE') this.database.rollback();
    }
  }
}

/**
 * A new file is readable by its owner only; SQLite gives its write-ahead log the same rights. The driver reports any
 * other problem.
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'open') throw error;
  }
}

function configure(raw: RawDatabase, options: OpenOptions): void {
  // While opening, wait for another process that is creating the file or recovering it after a crash.
  raw.exec('PRAGMA busy_timeout = 5000');
  if (options.pageSize !== undefined) raw.exec(`PRAGMA page_size = ${options.pageSize}`);
  // Reading the schema touches the first page, which reveals a damaged or foreign file.
  raw.prepare('SELECT count(*) FROM sqlite_schema').get();
  if (!options.readOnly) {
    raw.exec('PRAGMA journal_mode = WAL');
    raw.exec(`PRAGMA synchronous = ${options.synchronous ?? 'FULL'}`);
  }
  if (options.cacheKiB !== undefined) raw.exec(`PRAGMA cache_size = -${options.cacheKiB}`);
  if (options.mmapBytes !== undefined) raw.exec(`PRAGMA mmap_size = ${options.mmapBytes}`);
  raw.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs ?? 0}`);
}

function wrap(raw: RawDatabase, readOnly: boolean): Database {
  return {
    exec: (sql) => raw.exec(sql),
    prepare: <R>(sql: string) => raw.prepare(sql) as Statement<R>,
    prepareArrays: <R extends readonly unknown[]>(sql: string) => asArrays(raw.prepare(sql)) as Statement<R>,
    function: (name, options, body) => raw.function(name, options, body),
    rollback() {
      try {
        raw.exec('ROLLBACK');
      } catch (error) {
        if (!String(error).includes('no transaction is active')) throw error;
      }
    },
    close: () => (readOnly ? raw.close() : close(raw)),
  };
}

/**
 * The Node 20 driver releases a file only when its statements are garbage-collected, too late for SQLite's own
 * checkpoint on the last close. So the write-ahead log is checkpointed here; if that fails, the next opening reads it.
 * A read-only connection leaves the log alone: SQLite would discard one with a damaged header.
 */
function close(raw: RawDatabase): void {
  try {
    raw.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (faultOf(error) === undefined) throw error;
  }
  raw.close();
}

function asArrays(statement: RawStatement): Statement<readonly unknown[]> {
  if (statement.setReturnArrays) {
    statement.setReturnArrays(true);
    return statement as Statement<readonly unknown[]>;
  }
  // Node 22.13 to 22.15: rows are objects whose properties are in column order.
  return {
    run: (...values) => statement.run(...values),
    get: (...values) => {
      const row = statement.get(...values);
      return row === undefined ? undefined : Object.values(row as object);
    },
    all: (...values) => statement.all(...values).map((row) => Object.values(row as object)),
    *iterate(...values) {
      for (const row of statement.iterate(...values)) yield Object.values(row as object);
    },
  };
}

interface RawStatement extends Statement<unknown> {
  setReturnArrays?(on: boolean): void;
}

interface RawDatabase {
  exec(sql: string): void;
  prepare(sql: string): RawStatement;
  function: Database['function'];
  close(): void;
}

type Driver = new (path: string, options: { readOnly: boolean }) => RawDatabase;

let driver: Driver | undefined;

function isBuiltIn(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

function loadDriver(): Driver {
  if (!isBuiltIn()) return require('@photostructure/sqlite').DatabaseSync;
  // Node warns that `node:sqlite` is experimental when it is loaded. The risk is known and accepted, so the warning is
  // suppressed.
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite')) Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return require('node:sqlite').DatabaseSync;
  } finally {
    process.emitWarning = emitWarning;
  }
}
