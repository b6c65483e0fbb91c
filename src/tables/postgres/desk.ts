import { type Standing, TablesUnavailable } from '../engine';
import type { Connection } from './driver';
import type { PostgresLock } from './lock';
import { explained, isMissing } from './reachable';
import { fenceSql, logSql, type Names, Read, readState, standingsSql } from './state';

/** Where one process writes under one lock: a connection, and transactions that see to it that the lock is still held. */
export class Desk {
  constructor(
    readonly connection: Connection,
    readonly names: Names,
    private readonly lock: PostgresLock,
    /** Live tables moved on. */
    readonly told: (standings: readonly Standing[]) => void,
  ) {
    // Without its connection nothing can be written, so another process shall get the lock.
    connection.onGone(() => this.lock.held && this.lock.lose());
    // What is under way on it may wait for a server that says nothing any more.
    lock.lost.addEventListener('abort', () => void connection.end().catch(() => undefined), { once: true });
  }

  /**
   * All of it or nothing, and nothing where the lock was lost. `alone`: no other transaction of this kind meanwhile, as
   * is needed where tables come and go.
   */
  async transaction<T>(body: (read: Read) => Promise<T>, alone = false): Promise<T> {
    const { token } = this.lock;
    const schema = `'${this.names.schema.replaceAll("'", "''")}'`;
    const together = `SELECT pg_advisory_xact_lock${alone ? '' : '_shared'}(hashtext(${schema}), 1)`;
    try {
      const [, , fence, standings, log] = await this.connection.script(
        `BEGIN; ${together}; ${fenceSql(this.names, this.lock.work)}; ${standingsSql(this.names)}; ${logSql(this.names)}`,
      );
      if (fence?.[0]?.[0] !== token) {
        this.lock.lose();
        throw new TablesUnavailable(`another process has taken over ${this.lock.work}`);
      }
      const read = new Read(standings!, log!);
      this.lock.saw(read.log().position);
      const result = await body(read);
      await this.connection.script('COMMIT');
      return result;
    } catch (error) {
      await this.connection.script('ROLLBACK').catch(() => undefined);
      throw this.seen(error);
    }
  }

  /** What is there just now. */
  async read(): Promise<Read> {
    try {
      return await readState(this.connection, this.names);
    } catch (error) {
      throw this.seen(error);
    }
  }

  /** The process that takes the lock creates missing tables, so the lock is released if some are missing. */
  private seen(error: unknown): unknown {
    if (isMissing(error) && this.lock.held) this.lock.lose();
    return explained(error);
  }
}
