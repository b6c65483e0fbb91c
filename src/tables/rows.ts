import type { Rows, Table } from './projection';

export type AnyRow = Readonly<Record<string, unknown>>;

/** Thrown through a fold that touches a key of which something later is known than the event: see `foldLate`. */
export const LATE = Symbol('an event effective before what is known of a key');

/** The effective time of the event that is being folded. */
export interface Now {
  effective: number;
}

/** One row in memory, and what an engine knows of it. `V`: a value in the engine's stored form. */
export class Entry<V> {
  row: AnyRow | undefined = undefined;
  /** What the row was before the event that is being folded. */
  before: AnyRow | undefined = undefined;
  touched = false;
  /** The row in stored form, and the form it takes when the event is settled. */
  packed: readonly V[] | undefined = undefined;
  next: readonly V[] | undefined = undefined;
  /** What the live table holds until the batch is written. */
  stored: readonly V[] | undefined = undefined;
  /** The last form before there was no row any more: its key is what remains. */
  last: readonly V[] | undefined = undefined;
  /** Position since when the row is as it is. */
  from = 0;
  /** Effective time since when there is this row, or none. */
  effective = Number.NEGATIVE_INFINITY;
  /** The engine keeps since when there is none. */
  gone = false;
  dirty = false;

  /** @param name its key as one string: equal for equal keys, and only for them */
  constructor(readonly name: string) {}
}

/**
 * The rows of one table as a fold sees them: by key, in memory. What an event touches stays apart until it is settled, so
 * that an event that cannot be folded leaves nothing behind.
 */
export abstract class TableRows<E extends Entry<unknown>> implements Rows<AnyRow> {
  readonly touched: E[] = [];
  private readonly key: readonly string[];

  constructor(
    { key }: Table,
    private readonly now: Now,
  ) {
    this.key = key;
  }

  /** What is known of a key, whatever the time. */
  abstract find(name: string, key: AnyRow): E;

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

  /** The key as one string: equal for equal keys, and only for them. */
  nameOf(key: AnyRow): string {
    const columns = this.key;
    if (columns.length === 1) return String(key[columns[0]!]);
    let name = '';
    for (const column of columns) name += key[column] === null ? '\u0001' : `${String(key[column])}\u0000`;
    return name;
  }

  private touch(entry: E): E {
    if (!entry.touched) {
      entry.touched = true;
      entry.before = entry.row;
      this.touched.push(entry);
    }
    return entry;
  }

  private entry(key: AnyRow): E {
    const entry = this.find(this.nameOf(key), key);
    if (entry.effective > this.now.effective) throw LATE;
    return entry;
  }
}
