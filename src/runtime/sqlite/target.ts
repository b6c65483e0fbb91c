import type { RecordedEvent } from '../../domain/event';
import type { Database } from '../../sqlite';
import type { Target } from '../engine';
import { lift } from '../lifted';
import { Moments } from './moments';
import type { Session } from './session';
import type { Words } from './words';

/**
 * Several projections and the log's moments, written in one transaction a batch; synchronous, so that nothing comes between.
 * New tables keep the moments too where nobody else has come as far, so that the log is not read again for them.
 */
export class SqliteTarget implements Target {
  private readonly moments: Moments;

  constructor(
    private readonly db: Database,
    private readonly words: Words,
    readonly sessions: readonly Session[],
  ) {
    this.moments = new Moments(db);
  }

  apply(events: readonly RecordedEvent[], after: number): boolean {
    let gapless = true;
    const { lifted, unreadable } = lift(events);
    this.db.exec('BEGIN IMMEDIATE');
    try {
      for (const session of this.sessions) {
        if (!session.open()) continue;
        if (session.standing!.position < after) gapless = false;
        else session.fold(lifted, unreadable);
      }
      this.moments.fold(events, after);
      for (const session of this.sessions) session.flush();
      this.db.exec('COMMIT');
    } catch (error) {
      this.db.rollback();
      this.words.forget();
      for (const session of this.sessions) session.close();
      throw error;
    }
    return gapless;
  }
}
