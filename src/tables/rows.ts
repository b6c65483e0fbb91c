import type { Rows, Table } from './projection';

export type AnyRow = Readonly<Record<string, unknown>>;

/** Of the rows in memory: how many, and how many of those asked for again, make a table worth keeping there. */
const IDLE_SHARE = 1 / 16;

/** One row in memory. `held` is what the engine knows of it: its stored form, and since when it holds. */
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
 * The rows of one table as a fold sees them: by key, in memory, loaded where they are missing. What an event touches
 * stays apart until the engine settles it, so that an event that cannot be folded leaves nothing behind.
 */
export class TableRows<H> implements Rows<AnyRow> {
  private young = new Map<string, Entry<H>>();
  private old = new Map<string, Entry<H>>();
  readonly touched: Entry<H>[] = [];
  /** How often a row was found in memory since the last trimming that dropped any. */
  private hits = 0;
  /** What was asked for last: most folds get a row and put it right after. */
  private lastName = '';
  private lastEntry: Entry<H> | undefined;

  constructor(
    private readonly table: Table,
    /** How many rows stay in memory between batches, at least; twice as many at most. */
    private readonly capacity: number,
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

  /** Only between batches, when every changed row is written. Rows that are hardly ever asked for again do not stay. */
  trim(): void {
    const { size } = this.young;
    if (size >= this.capacity * IDLE_SHARE && this.hits < size * IDLE_SHARE) this.old = new Map();
    else if (size >= this.capacity) this.old = this.young;
    else return;
    this.young = new Map();
    this.hits = 0;
    this.lastEntry = undefined;
  }

  clear(): void {
    this.lastEntry = undefined;
    this.young.clear();
    this.old.clear();
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
    const name = this.nameOf(key);
    if (this.lastEntry && this.lastName === name) return this.lastEntry;
    const entry = this.find(name) ?? this.fetch(key, name);
    this.lastName = name;
    this.lastEntry = entry;
    return entry;
  }

  private find(name: string): Entry<H> | undefined {
    const young = this.young.get(name);
    if (young) {
      this.hits += 1;
      return young;
    }
    const old = this.old.get(name);
    if (!old) return undefined;
    this.hits += 1;
    this.young.set(name, old);
    return old;
  }

  private fetch(key: AnyRow, name: string): Entry<H> {
    const { row, held } = this.load(key, name);
    const entry = { row, before: undefined, touched: false, held };
    this.young.set(name, entry);
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
