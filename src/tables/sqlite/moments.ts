import type { RecordedEvent } from '../../domain/event';
import type { Database, Statement } from '../../store/sqlite/driver';
import type { LogMark } from '../engine';
import { packInstant } from '../numbers';
import { openState, type State } from './state';

/**
 * What the log looked like when: for each millisecond the last position of the prefix recorded until then. The store's
 * clock may step back, so the running maximum counts. Poison does not stop it, since it folds nothing but envelopes.
 */
export class Moments {
  private readonly put: Statement;
  private readonly mark: Statement;
  private readonly state: State;
  private known: LogMark;

  constructor(db: Database) {
    this.state = openState(db);
    this.known = this.state.log();
    this.put = db.prepare('INSERT OR REPLACE INTO runtime_moment (recorded, position) VALUES (?, ?)');
    this.mark = db.prepare('UPDATE runtime_log SET position = ?, events = ?, recorded = ?, lastId = ?');
  }

  /** Others may have written since the last transaction. */
  begin(): void {
    this.known = this.state.log();
  }

  /** Only inside a write transaction. */
  fold(events: readonly RecordedEvent[], after: number): void {
    const before = this.known;
    const end = Number(events.at(-1)?.position ?? 0);
    if (before.position < after || end <= before.position) return;
    let { events: count, recorded } = before;
    let last: RecordedEvent | undefined;
    for (const event of events) {
      if (last === undefined && Number(event.position) <= before.position) continue;
      const at = Math.max(recorded, packInstant(event.recordedAt) ?? recorded);
      if (at > recorded && last) this.put.run(recorded, Number(last.position));
      recorded = at;
      count += 1;
      last = event;
    }
    if (!last) return;
    this.put.run(recorded, end);
    this.mark.run(end, count, recorded, last.id);
    this.known = { position: end, events: count, recorded, lastId: last.id };
  }
}
