import type { Column } from '../columns';
import type { Table } from '../projection';
import { type AnyRow, Entry, type Now, TableRows } from '../rows';
import type { SeenKeys } from '../seen';
import { type Packed, pack } from './values';

/** Of the rows in memory: how many, and how many of those asked for again, make a table worth keeping there. */
const IDLE_SHARE = 1 / 16;

/** Thrown through a fold that asks for a row which is not in memory: it is loaded, and the event is folded again. */
export const NOT_IN_MEMORY = Symbol('a row that is not in memory');

/**
 * The rows of one table as a fold sees them: by key, in memory. A fold cannot wait, so a row that is missing breaks the
 * event off; the rest of the batch is then only looked over, to learn which other rows it will ask for, and all are
 * loaded at once.
 */
export class CachedRows extends TableRows<Entry<Packed>> {
  private young = new Map<string, Entry<Packed>>();
  private old = new Map<string, Entry<Packed>>();
  /** Rows asked for that are not in memory, by name: their keys in packed form. */
  readonly wanted = new Map<string, readonly Packed[]>();
  /** Every key ever asked for, where the table was empty when this began: what is not among them is not there. */
  seen: SeenKeys | undefined;
  /** How often a row was found in memory since the last trimming that dropped any. */
  private hits = 0;
  private supposed: Map<string, AnyRow | undefined> | undefined;

  constructor(
    table: Table,
    private readonly columns: readonly Column[],
    now: Now,
    /** How many rows stay in memory between batches, at least; twice as many at most. */
    private readonly capacity: number,
  ) {
    super(table, now);
  }

  override get(key: AnyRow): AnyRow | undefined {
    if (!this.supposed) return super.get(key);
    const name = this.nameOf(key);
    if (this.supposed.has(name)) return this.supposed.get(name);
    return this.known(name, key)?.row;
  }

  override put(row: AnyRow): void {
    if (this.supposed) this.suppose(row, row);
    else super.put(row);
  }

  override delete(key: AnyRow): void {
    if (!this.supposed) super.delete(key);
    else if (this.get(key) !== undefined) this.suppose(key, undefined);
  }

  /** From here on events are looked over; what they write is forgotten when it ends. */
  lookOver(supposing: boolean): void {
    this.supposed = supposing ? new Map() : undefined;
  }

  /** Puts a wanted row into memory. */
  supply(entry: Entry<Packed>): void {
    this.young.set(entry.name, entry);
  }

  /** Only between batches, when every changed row is on its way. Rows that are hardly ever asked for again do not stay. */
  trim(): void {
    if (!this.seen?.useful) this.seen = undefined;
    const { size } = this.young;
    if (size >= this.capacity * IDLE_SHARE && this.hits < size * IDLE_SHARE) this.old = new Map();
    else if (size >= this.capacity) this.old = this.young;
    else return;
    this.young = new Map();
    this.hits = 0;
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
    this.wanted.clear();
    this.touched.length = 0;
    this.supposed = undefined;
  }

  find(name: string, key: AnyRow): Entry<Packed> {
    const known = this.known(name, key);
    if (known) return known;
    throw NOT_IN_MEMORY;
  }

  private suppose(key: AnyRow, row: AnyRow | undefined): void {
    const name = this.nameOf(key);
    this.known(name, key);
    this.supposed!.set(name, row);
  }

  /** Undefined where the row must be loaded first, which is then wanted. */
  private known(name: string, key: AnyRow): Entry<Packed> | undefined {
    const young = this.young.get(name);
    if (young) {
      this.hits += 1;
      return young;
    }
    const old = this.old.get(name);
    if (old) {
      this.hits += 1;
      this.young.set(name, old);
      return old;
    }
    if (this.wanted.has(name)) return undefined;
    const packed = this.columns.map((column) => pack(column, key[column.name]));
    if (this.seen && !this.seen.meet(name)) {
      const entry = new Entry<Packed>(name);
      this.young.set(name, entry);
      return entry;
    }
    this.wanted.set(name, packed);
    return undefined;
  }
}
