import { type Lock, TablesUnavailable, type Work } from '../engine';
import type { Connection } from './driver';
import { isMissing, isPassing, type Open, reachable } from './reachable';
import { type Names, prepareState, standSql } from './state';

/** How often the holder of the lock shows that it is alive, and after which silence PostgreSQL releases the lock. */
const SIGN_EVERY_MS = 1_500;
const SILENCE_MS = 6_000;
const SESSION = `
SET idle_session_timeout = ${SILENCE_MS}; SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1;
SET tcp_keepalives_count = 3`;

/**
 * A lock of PostgreSQL's, held by a connection of its own, so that it ends with the process, and with a process that
 * hangs. Each holder has a greater token than the one before; what is written is written under the token, so that one
 * that lost its lock and does not know it yet can write nothing.
 */
export class PostgresLock implements Lock {
  private connection: Connection | undefined;
  private losing = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private number = 0;
  private reached = 0;

  constructor(
    private readonly open: Open,
    private readonly names: Names,
    readonly work: Work,
  ) {}

  get held(): boolean {
    return this.connection !== undefined;
  }

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /** What every transaction under this lock must find. Throws where it is not held any more. */
  get token(): number {
    if (!this.connection) throw new TablesUnavailable(`this process may not go on ${this.work}: it lost the lock`);
    return this.number;
  }

  /** A position that the tables have reached; only restoring them from a backup can put them before it. */
  saw(position: number): void {
    this.reached = position;
  }

  async take(): Promise<boolean> {
    if (this.connection) return true;
    const connection = await reachable(this.open(`palimpsest ${this.work}`));
    try {
      const taken = await reachable(this.takeOn(connection));
      if (!taken) await connection.end();
      return taken;
    } catch (error) {
      await connection.end().catch(() => undefined);
      throw error;
    }
  }

  /** Another process may have the lock now: all work under it stops. */
  lose(): void {
    const { connection } = this;
    this.forget();
    this.losing.abort();
    connection?.end().catch(() => undefined);
  }

  async release(): Promise<void> {
    const { connection } = this;
    this.forget();
    await connection?.end().catch(() => undefined);
  }

  private async takeOn(connection: Connection): Promise<boolean> {
    await connection.script(SESSION);
    const key = [this.names.schema, this.work];
    const [taken] = await connection.query('SELECT pg_try_advisory_lock(hashtext($1), hashtext($2))', key);
    if (taken![0] !== true) return false;
    // They may have been dropped since this process looked, or a crash may have taken what made them.
    await prepareState(connection, this.names);
    const next = `UPDATE ${this.names.fence} SET token = token + 1 WHERE work = $1 RETURNING token`;
    const [row] = await connection.query<readonly [number]>(next, [this.work]);
    this.number = row![0];
    this.reached = 0;
    this.connection = connection;
    this.losing = new AbortController();
    connection.onGone(() => {
      if (this.connection === connection) this.lose();
    });
    this.timer = setInterval(() => this.showLife(connection), SIGN_EVERY_MS);
    return true;
  }

  /** Shows that this process lives, and looks whether the tables are still those it works on. */
  private showLife(connection: Connection): void {
    // Who hears nothing for so long has lost it, whether the server still says so or not.
    const late = setTimeout(() => this.connection === connection && this.lose(), SILENCE_MS);
    const asked = connection.prepared<readonly [number, string]>(standSql(this.names, this.work));
    asked
      .finally(() => clearTimeout(late))
      .then(
        ([stand]) => {
          if (this.connection !== connection || stand === undefined) return;
          if (stand[0] !== this.number || Number(stand[1]) < this.reached) this.lose();
        },
        (error) => {
          if ((isPassing(error) || isMissing(error)) && this.connection === connection) this.lose();
        },
      );
  }

  private forget(): void {
    clearInterval(this.timer);
    this.connection = undefined;
  }
}
