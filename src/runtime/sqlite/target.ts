import type { RecordedEvent } from '../../domain/event';
import { upcast } from '../../domain/upcast';
import type { Database } from '../../sqlite';
import type { Lifted, Unreadable } from './lifted';
import { Moments } from './moments';
import type { Session } from './session';
import { packInstant, packPosition } from './values';
import type { Words } from './words';

/** Where a range of the log is folded into. Each batch is kept as a whole or not at all. */
export interface Target {
  /**
   * Folds a batch that follows `after` without a gap; synchronous, so that nothing comes between. False where some
   * tables stand before `after`: they took nothing and need the log from where they stand.
   */
  apply(events: readonly RecordedEvent[], after: number): boolean;
}

/** Several projections and the log's moments, written in one transaction a batch. */
export class SqliteTarget implements Target {
  private readonly moments: Moments | undefined;

  constructor(
    private readonly db: Database,
    private readonly words: Words,
    readonly sessions: readonly Session[],
    options: { readonly moments: boolean },
  ) {
    this.moments = options.moments ? new Moments(db) : undefined;
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
      this.moments?.fold(events, after);
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

/** Up to the first event that this program cannot read: that one stops every projection, and nothing behind it is folded. */
function lift(events: readonly RecordedEvent[]): { lifted: Lifted[]; unreadable: Unreadable | undefined } {
  const lifted: Lifted[] = [];
  for (const event of events) {
    try {
      const position = packPosition(event.position);
      const occurred = packInstant(event.metadata.occurredAt);
      if (position === undefined) throw new Error(`${event.position} is not a position`);
      if (occurred === undefined) throw new Error(`occurredAt is not an instant: ${event.metadata.occurredAt}`);
      lifted.push({ event: upcast(event), position, occurred });
    } catch (error) {
      return { lifted, unreadable: { event, error } };
    }
  }
  return { lifted, unreadable: undefined };
}
