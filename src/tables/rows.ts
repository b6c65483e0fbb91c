import type { Rows, Table } from './projection';

export type AnyRow = Readonly<Record<string, unknown>>;

/** Thrown through a fold that touches a key of which something later is known than the event: see `foldLate`. */
export const LATE = Symbol('an event effective before what is known of a key');

/** The effective time of the event that is being folded. */
export interface Now {
  effective: number;
}

/** One row in memory. `held` is what the engine knows of it: its stored form, and since when there is this row, or none. */
export interface Entry<H> {
  row: AnyRow | undefined;
  /** What the row was before the event that is being folded. */
  before: AnyRow | undefined;
  touched: boolean;
  readonly held: H;
}

export interface Loaded<H> {
  readonly row: AnyRow | undefined;
  readonly held: H;
}

/**
 * The rows of one table as the fold of one batch sees them: by key, in memory, loaded where they are missing. What an
 * event touches stays apart until the engine settles it, so that an event that cannot be folded leaves nothing behind.
 */
export class TableRows<H extends Now> implements Rows<AnyRow> {
  private entries = new Map<string, Entry<H>>();
  readonly touched: Entry<H>[] = [];

  constructor(
    private readonly table: Table,
    private readonly now: Now,
    /** `name` is the key as one string: equal for equal keys, and only for them. */
    private readonly load: (key: AnyRow, name: string) => Loaded<H>,
  ) {}

  get(key: AnyRow): AnyRow | undefined {
    return this.entry(key).row;
  }

  put(row: AnyRow): void {
    this.touch(this.entry(row)).row = row;
  }

  delete(key: AnyRow): void {
    const entry = this.entry(key);
    if (entry.row !== undefined) this.touch(entry).row = undefined;
  }

  /** Takes the event's changes back. */
  undo(): void {
    for (const entry of this.touched) entry.row = entry.before;
    this.settled();
  }

  /** The event is settled: what it did stands. */
  settled(): void {
    // One by one: an array whose length is set to 0 lets go of its room, and gets it anew with the next event.
    for (let entry = this.touched.pop(); entry; entry = this.touched.pop()) {
      entry.touched = false;
      entry.before = undefined;
    }
  }

  /** Only between batches, when every changed row is written, or lost with its transaction. */
  clear(): void {
    this.entries = new Map();
    this.touched.length = 0;
  }

  private touch(entry: Entry<H>): Entry<H> {
    if (!entry.touched) {
      entry.touched = true;
      entry.before = entry.row;
      this.touched.push(entry);
    }
    return entry;
  }

  private entry(key: AnyRow): Entry<H> {
    const entry = this.find(key, this.nameOf(key));
    if (entry.held.effective > this.now.effective) throw LATE;
    return entry;
  }

  /** What is known of a key, whatever the time. */
  find(key: AnyRow, name: string): Entry<H> {
    let entry = this.entries.get(name);
    if (entry === undefined) {
      const { row, held } = this.load(key, name);
      entry = { row, before: undefined, touched: false, held };
      this.entries.set(name, entry);
    }
    return entry;
  }

  /** The key as one string: equal for equal keys, and only for them. */
  nameOf(key: AnyRow): string {
    const columns = this.table.key;
    if (columns.length === 1) return String(key[columns[0]!]);
    let name = '';
    for (const column of columns) name += key[column] === null ? '\u0001' : `${String(key[column])}\u0000`;
    return name;
  }
}
