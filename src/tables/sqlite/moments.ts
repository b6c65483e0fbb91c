import type { RecordedEvent } from '../../domain/event';
import type { Database, Statement } from '../../store/sqlite/driver';
import type { LogMark } from '../engine';
import { packInstant } from '../numbers';
import { hourOf, openState, type State } from './state';

/**
 * What the log looked like when: for each millisecond the last position of the prefix recorded until then. The store's
 * clock may step back, so the running maximum counts. Poison does not stop it, since it folds nothing but envelopes.
 */
export class Moments {
  private readonly put: Statement;
  private readonly mark: Statement;
  private readonly acts: { readonly put: Statement; readonly remove: Statement };
  private readonly state: State;
  private known: LogMark;

  constructor(db: Database) {
    this.state = openState(db);
    this.known = this.state.log();
    this.put = db.prepare('INSERT OR REPLACE INTO runtime_moment (recorded, position) VALUES (?, ?)');
    this.acts = {
      put: db.prepare('INSERT INTO runtime_act (hour, position) VALUES (?, ?)'),
      remove: db.prepare('DELETE FROM runtime_act WHERE hour >= ?'),
    };
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
    const acts: { readonly hour: number; event: RecordedEvent }[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    let last: RecordedEvent | undefined;
    for (const event of events) {
      if (last === undefined && Number(event.position) <= before.position) continue;
      const at = Math.max(recorded, packInstant(event.recordedAt) ?? recorded);
      if (at > recorded && last) this.put.run(recorded, Number(last.position));
      recorded = at;
      count += 1;
      last = event;
      const occurred = packInstant(event.metadata.occurredAt);
      // Such an event stops every fold.
      if (occurred === undefined) continue;
      const hour = hourOf(occurred);
      earliest = Math.min(earliest, hour);
      while (acts.length > 0 && acts.at(-1)!.hour > hour) acts.pop();
      const top = acts.at(-1);
      if (top?.hour === hour) top.event = event;
      else acts.push({ hour, event });
    }
    if (!last) return;
    // An hour is told with the last event of it or of one before it: those of later hours stand behind that.
    this.acts.remove.run(earliest);
    for (const { hour, event } of acts) this.acts.put.run(hour, Number(event.position));
    this.put.run(recorded, end);
    this.mark.run(end, count, recorded, last.id);
    this.known = { position: end, events: count, recorded, lastId: last.id };
  }
}
