import type { Connection } from '../../postgres';
import { type Standing, TablesUnavailable } from '../engine';
import type { PostgresLock } from './lock';
import { explained } from './reachable';
import { fenceSql, logSql, type Names, Read, standingsSql } from './state';

/** Where one process writes under one lock: a connection, and transactions that see to it that the lock is still held. */
export class Desk {
  constructor(
    readonly connection: Connection,
    readonly names: Names,
    private readonly lock: PostgresLock,
    /** Live tables moved on. */
    readonly told: (standings: readonly Standing[]) => void,
  ) {
    // Without its connection nothing can be written: then somebody else shall have the lock.
    connection.onGone(() => this.lock.held && this.lock.lose());
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
      const result = await body(new Read(standings!, log!));
      await this.connection.script('COMMIT');
      return result;
    } catch (error) {
      await this.connection.script('ROLLBACK').catch(() => undefined);
      throw explained(error);
    }
  }
}
