import type { Recorded } from '../../domain/catalogue';
import type { RecordedEvent } from '../../domain/event';
import type { Database } from '../../store/sqlite/driver';
import type { Role } from '../engine';
import { foldLate } from '../late';
import type { Lifted, Portion } from '../lifted';
import { expectToPack } from '../numbers';
import type { Projection, RowsOf, Tables } from '../projection';
import { LATE, type Now } from '../rows';
import type { Words } from './dictionary';
import { filling, layoutsOf } from './schema';
import { openState, type Standing, type State, standingWriter } from './state';
import { TableWriter } from './writer';

type Handler = (event: Recorded, rows: RowsOf<Tables>) => void;

/** The tables of one projection while events are folded into them. All methods belong inside a write transaction. */
export class Session {
  standing: Standing | undefined;
  private written: Standing | undefined;
  private writers: readonly TableWriter[] = [];
  private byName: Readonly<Record<string, TableWriter>> = {};
  private rows: RowsOf<Tables> = {};
  private readonly state: State;
  private readonly write: (standing: Standing) => void;
  private readonly now: Now = { effective: 0 };
  private readonly handlers: Readonly<Record<string, Handler | undefined>>;

  constructor(
    private readonly db: Database,
    private readonly words: Words,
    readonly projection: Projection,
    readonly role: Role,
  ) {
    this.state = openState(db);
    this.write = standingWriter(db);
    this.handlers = projection.on as typeof this.handlers;
  }

  /** Makes sure memory and file speak of the same tables at the same position. False where nothing may be folded. */
  open(): boolean {
    const found = this.state.find(this.projection.name, this.role);
    const same = found?.generation === this.standing?.generation && found?.sealed === this.standing?.sealed;
    if (!found || found.version !== this.projection.version) {
      this.close();
      this.standing = found;
      return false;
    }
    if (!same || this.writers.length === 0) this.attach(found);
    else if (found.position !== this.standing?.position) for (const writer of this.writers) writer.refresh();
    this.standing = found;
    this.written = found;
    return found.poison === undefined;
  }

  /** Folds in order what lies behind the standing, up to the first event that cannot be folded. */
  fold({ lifted: events, unreadable }: Portion): void {
    let position = this.standing!.position;
    for (const lifted of events) {
      if (lifted.position <= position) continue;
      const handler = this.handlers[lifted.event.type];
      if (handler) {
        expectToPack(lifted.event, lifted.position, lifted.occurred);
        try {
          if (!this.foldOne(lifted, handler)) this.foldLate(lifted, handler);
        } catch (error) {
          for (const writer of this.writers) writer.rows.undo();
          this.stop(position, lifted.event, error);
          return;
        }
      }
      position = lifted.position;
    }
    if (unreadable) this.stop(position, unreadable.event, unreadable.error);
    else if (position > this.standing!.position) this.standing = { ...this.standing!, position };
  }

  /** False where something later is known than the event: it then has done nothing. */
  private foldOne({ event, position, effective }: Lifted, handler: Handler): boolean {
    this.now.effective = effective;
    try {
      handler(event, this.rows);
    } catch (error) {
      if (error !== LATE) throw error;
      for (const writer of this.writers) writer.rows.undo();
      return false;
    }
    for (const writer of this.writers) if (writer.rows.touched.length > 0) writer.prepare();
    for (const writer of this.writers) if (writer.rows.touched.length > 0) writer.settle(position, effective);
    return true;
  }

  private foldLate({ event, position, effective }: Lifted, handler: Handler): void {
    // What is known of the past is read from the tables.
    for (const writer of this.writers) writer.flush();
    const interval = { from: effective, to: effective };
    const late = Object.entries(this.byName).map(([name, writer]) => [name, writer.late(interval)] as const);
    const rows = Object.fromEntries(late);
    foldLate(effective, interval, Object.values(rows), () => handler(event, rows));
    const changes = late.map(([name, each]) => [this.byName[name]!, each.changes()] as const);
    for (const [writer, changed] of changes) writer.prepareLate(changed);
    for (const [writer, changed] of changes) writer.settleLate(changed, position);
  }

  /** Writes the changed rows and the checkpoint. */
  flush(): void {
    if (this.standing === this.written) return;
    for (const writer of this.writers) writer.flush();
    const creations = Object.fromEntries(
      Object.entries(this.byName).map(([name, writer]) => [name, writer.creations.names]),
    );
    this.standing = { ...this.standing!, creations };
    this.write(this.standing);
    this.written = this.standing;
  }

  /** The transaction was rolled back: nothing in memory can be trusted. */
  close(): void {
    this.standing = undefined;
    this.written = undefined;
    this.writers = [];
    this.rows = {};
  }

  private stop(position: number, event: RecordedEvent, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const poison = { position: event.position, stream: event.stream, type: event.type, message };
    this.standing = { ...this.standing!, position, poison };
  }

  private attach(standing: Standing): void {
    const layouts = layoutsOf(this.projection, standing.generation);
    const { sealed } = standing;
    const writers = [...layouts].map(([name, layout]) => {
      const options = { sealed, creations: standing.creations[name] ?? [], now: this.now };
      return [name, new TableWriter(this.db, this.words, sealed ? layout : filling(layout), options)] as const;
    });
    this.writers = writers.map(([, writer]) => writer);
    this.byName = Object.fromEntries(writers);
    this.rows = Object.fromEntries(writers.map(([name, writer]) => [name, writer.rows]));
  }
}
