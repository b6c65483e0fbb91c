import type { Database, Statement } from '../../store/sqlite/driver';
import type { Target } from '../engine';
import type { Portion } from '../lifted';
import type { Words } from './dictionary';
import { Moments } from './moments';
import type { Session } from './session';

/** Events that are folded at once where a transaction takes more: what was read of them is garbage while it is young. */
export const PORTION = 1_000;

/**
 * Several projections and the log's moments, written in one transaction a batch. New tables keep the moments too where
 * nobody else has come as far, so that the log is not read again for them.
 */
export class SqliteTarget implements Target {
  readonly portion = PORTION;
  private readonly moments: Moments;
  /** SQLite counts the commits of other connections. */
  private readonly othersCommits: Statement<readonly [number]>;
  private othersAtFirst: number | undefined;
  /** Those the open transaction folds into; undefined while none is open. */
  private folding: readonly Session[] | undefined;
  private events = 0;

  constructor(
    private readonly db: Database,
    private readonly words: Words,
    private readonly sessions: readonly Session[],
    /** Events in one transaction, at least. */
    private batchSize: number,
  ) {
    this.moments = new Moments(db);
    this.othersCommits = db.prepareArrays('PRAGMA data_version');
  }

  /** Synchronous, so that nothing comes between. */
  apply(portion: Portion, after: number): boolean {
    let gapless = true;
    const { events } = portion;
    if (!this.folding) this.db.exec('BEGIN IMMEDIATE');
    try {
      this.folding ??= this.begin();
      for (const session of this.folding) {
        if (session.standing!.poison) continue;
        if (session.standing!.position < after) gapless = false;
        else session.fold(portion);
      }
      this.moments.fold(events, after);
      this.events += events.length;
      if (this.events >= this.batchSize || !gapless) this.commit(this.folding);
    } catch (error) {
      this.forget();
      throw error;
    }
    return gapless;
  }

  async finish(): Promise<void> {
    try {
      if (this.folding) this.commit(this.folding);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  private begin(): readonly Session[] {
    const others = this.othersCommits.get()![0];
    this.othersAtFirst ??= others;
    // Another process has come to write to this file: it waits for a whole transaction of this one.
    if (others !== this.othersAtFirst) this.batchSize = Math.min(this.batchSize, PORTION);
    this.moments.begin();
    return this.sessions.filter((session) => session.open());
  }

  private commit(folding: readonly Session[]): void {
    for (const session of folding) session.flush();
    this.db.exec('COMMIT');
    this.folding = undefined;
    this.events = 0;
  }

  /** The transaction is lost: memory and file may say different things. */
  private forget(): void {
    this.db.rollback();
    this.words.forget();
    for (const session of this.sessions) session.close();
    this.folding = undefined;
    this.events = 0;
  }
}
