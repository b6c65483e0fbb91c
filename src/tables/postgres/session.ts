import type { Recorded } from '../../domain/catalogue';
import type { RecordedEvent } from '../../domain/event';
import type { Role, Standing } from '../engine';
import { foldLate } from '../late';
import type { Lifted, Portion } from '../lifted';
import { expectToPack } from '../numbers';
import type { Projection, RowsOf, Tables } from '../projection';
import { LATE, type Now } from '../rows';
import type { Connection } from './driver';
import type { Errand } from './errand';
import { NOT_IN_MEMORY } from './rows';
import { layoutsOf, shapeOf } from './schema';
import { TableWriter } from './writer';

type Handler = (event: Recorded, rows: RowsOf<Tables>) => void;

/** The tables of one projection while events are folded into them. All methods belong inside a write transaction. */
export class Session {
  standing: Standing | undefined;
  private written: Standing | undefined;
  private writers: readonly TableWriter[] = [];
  private byName: Readonly<Record<string, TableWriter>> = {};
  private rows: RowsOf<Tables> = {};
  private readonly handlers: Readonly<Record<string, Handler | undefined>>;
  private readonly shape: string;
  private readonly now: Now = { effective: 0 };

  constructor(
    private readonly connection: Connection,
    private readonly schema: string,
    readonly projection: Projection,
    readonly role: Role,
    private readonly capacity: number,
  ) {
    this.handlers = projection.on as typeof this.handlers;
    this.shape = shapeOf(projection);
  }

  /** Makes sure memory and tables speak of the same at the same position. False where nothing may be folded. */
  async open(found: Standing | undefined): Promise<boolean> {
    const same = found?.generation === this.standing?.generation && found?.sealed === this.standing?.sealed;
    if (!found || found.version !== this.projection.version || found.shape !== this.shape) {
      this.close();
      this.standing = found;
      return false;
    }
    if (!same || this.writers.length === 0) await this.attach(found);
    else if (found.position !== this.standing?.position) for (const writer of this.writers) await writer.refresh();
    this.standing = found;
    this.written = found;
    return found.poison === undefined;
  }

  /**
   * Folds in order what lies behind the standing, from a place in the portion on, up to the first event that cannot be
   * folded. Gives the place of the first event that is late, for `foldLate`; its length where there is none.
   */
  async fold({ lifted: events, unreadable }: Portion, first: number): Promise<number> {
    for (let next = first; next < events.length; ) {
      const { at, late } = this.foldWhatIsThere(events, next);
      if (this.standing!.poison) return events.length;
      if (late) return at;
      next = at;
      if (next === events.length) break;
      this.lookOver(events, next);
      for (const writer of this.writers) await writer.load();
    }
    if (unreadable) this.stop(this.standing!.position, unreadable.event, unreadable.error);
    return events.length;
  }

  /** Folds an event of which something later is known. Everything before it must have been written. */
  async foldLate({ event, position, occurred, effective }: Lifted): Promise<void> {
    const handler = this.handlers[event.type]!;
    expectToPack(event, position, occurred);
    for (;;) {
      const interval = { from: effective, to: effective };
      const late = Object.entries(this.byName).map(([name, writer]) => [name, writer.late(interval)] as const);
      const rows = Object.fromEntries(late);
      try {
        foldLate(effective, interval, Object.values(rows), () => handler(event, rows));
        const changes = late.map(([name, each]) => [this.byName[name]!, each.changes()] as const);
        for (const [writer, changed] of changes) writer.prepareLate(changed);
        for (const [writer, changed] of changes) writer.settleLate(changed, position);
        for (const writer of this.writers) writer.forgetLate();
        break;
      } catch (error) {
        if (error !== NOT_IN_MEMORY) return this.stop(this.standing!.position, event, error);
      }
      for (const writer of this.writers) await writer.loadLate(effective);
    }
    this.reached(position);
  }

  /** How many rows wait to be written. */
  get changed(): number {
    return this.writers.reduce((sum, { changed }) => sum + changed, 0);
  }

  /** What is to be written where the standing changed, and with it the checkpoint; undefined where it did not. */
  collect(): readonly Errand[] | undefined {
    if (this.standing === this.written) return undefined;
    return this.writers.flatMap((writer) => writer.collect());
  }

  /** The checkpoint as it was read, and so as it must still be. */
  get before(): Standing | undefined {
    return this.written;
  }

  kept(): void {
    this.written = this.standing;
  }

  /** The transaction was rolled back: nothing in memory can be trusted. */
  close(): void {
    this.standing = undefined;
    this.written = undefined;
    this.writers = [];
    this.rows = {};
  }

  /** Gives the place of the first event that needs rows which are not in memory, or that is late. */
  private foldWhatIsThere(events: readonly Lifted[], first: number): { readonly at: number; readonly late: boolean } {
    let { position } = this.standing!;
    for (let at = first; at < events.length; at++) {
      const lifted = events[at]!;
      if (lifted.position <= position) continue;
      const handler = this.handlers[lifted.event.type];
      if (handler) {
        expectToPack(lifted.event, lifted.position, lifted.occurred);
        this.now.effective = lifted.effective;
        try {
          handler(lifted.event, this.rows);
          for (const writer of this.writers) if (writer.rows.touched.length > 0) writer.prepare();
        } catch (error) {
          for (const writer of this.writers) writer.rows.undo();
          if (error === NOT_IN_MEMORY || error === LATE) {
            this.reached(position);
            return { at, late: error === LATE };
          }
          this.stop(position, lifted.event, error);
          return { at, late: false };
        }
        for (const writer of this.writers) {
          if (writer.rows.touched.length > 0) writer.settle(lifted.position, lifted.effective);
        }
      }
      position = lifted.position;
    }
    this.reached(position);
    return { at: events.length, late: false };
  }

  /** Lets the rest of the batch say which rows it will ask for, as far as that can be said without them. */
  private lookOver(events: readonly Lifted[], first: number): void {
    for (const writer of this.writers) writer.rows.lookOver(true);
    for (let at = first; at < events.length; at++) {
      const { event, effective } = events[at]!;
      this.now.effective = effective;
      try {
        this.handlers[event.type]?.(event, this.rows);
      } catch {
        // It may fail only for want of its rows; whether it does is found out when it is folded.
      }
    }
    for (const writer of this.writers) writer.rows.lookOver(false);
  }

  private reached(position: number): void {
    if (position > this.standing!.position) this.standing = { ...this.standing!, position };
  }

  private stop(position: number, event: RecordedEvent, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const poison = { position: event.position, stream: event.stream, type: event.type, message };
    this.standing = { ...this.standing!, position, poison };
  }

  private async attach(standing: Standing): Promise<void> {
    const options = { sealed: standing.sealed, capacity: this.capacity, now: this.now };
    const writers = [...layoutsOf(this.schema, this.projection, standing.generation)].map(
      ([name, layout]) => [name, new TableWriter(this.connection, layout, options)] as const,
    );
    this.writers = writers.map(([, writer]) => writer);
    for (const writer of this.writers) await writer.refresh();
    this.byName = Object.fromEntries(writers);
    this.rows = Object.fromEntries(writers.map(([name, writer]) => [name, writer.rows]));
  }
}
