import type { Column } from '../columns';
import type { Rows } from '../projection';
import { type AnyRow, LATE, type Now } from '../rows';
import type { SeenKeys } from '../seen';
import { type Packed, pack } from './values';

/** Of the rows in memory: how many, and how many of those asked for again, make a table worth keeping there. */
const IDLE_SHARE = 1 / 16;

/** Thrown through a fold that asks for a row which is not in memory: it is loaded, and the event is folded again. */
export const NOT_IN_MEMORY = Symbol('a row that is not in memory');

/** One row in memory, and what PostgreSQL knows of it. */
export interface Entry {
  row: AnyRow | undefined;
  /** What the row was before the event that is being folded. */
  before: AnyRow | undefined;
  touched: boolean;
  /** The row in packed form, and the form it takes when the event is settled. */
  packed: readonly Packed[] | undefined;
  next: readonly Packed[] | undefined;
  /** What the live table holds until the batch is written. */
  stored: readonly Packed[] | undefined;
  /** The last form before a deletion: its key is what remains. */
  last: readonly Packed[] | undefined;
  /** Position since when the row is as it is. */
  from: string;
  /** Effective time since when there is this row, or none. */
  effective: number;
  gone: boolean;
  dirty: boolean;
}

export function emptyEntry(): Entry {
  return {
    row: undefined,
    before: undefined,
    touched: false,
    packed: undefined,
    next: undefined,
    stored: undefined,
    last: undefined,
    from: '',
    effective: Number.NEGATIVE_INFINITY,
    gone: false,
    dirty: false,
  };
}

/**
 * The rows of one table as a fold sees them: by key, in memory. A fold cannot wait, so a row that is missing breaks the
 * event off; the rest of the batch is then only looked over, to learn which other rows it will ask for, and all are
 * loaded at once.
 */
export class CachedRows implements Rows<AnyRow> {
  private young = new Map<string, Entry>();
  private old = new Map<string, Entry>();
  /** Rows asked for that are not in memory, by name: their keys in packed form. */
  readonly wanted = new Map<string, readonly Packed[]>();
  readonly touched: Entry[] = [];
  /** Every key ever asked for, where the table was empty when this began: what is not among them is not there. */
  seen: SeenKeys | undefined;
  /** How often a row was found in memory since the last trimming that dropped any. */
  private hits = 0;
  private supposed: Map<string, AnyRow | undefined> | undefined;

  constructor(
    private readonly key: readonly Column[],
    private readonly now: Now,
    /** How many rows stay in memory between batches, at least; twice as many at most. */
    private readonly capacity: number,
  ) {}

  get(key: AnyRow): AnyRow | undefined {
    const name = this.nameOf(key);
    if (!this.supposed) return this.entry(name, key).row;
    if (this.supposed.has(name)) return this.supposed.get(name);
    return this.known(name, key)?.row;
  }

  put(row: AnyRow): void {
    this.write(row, row);
  }

  delete(key: AnyRow): void {
    if (this.get(key) !== undefined) this.write(key, undefined);
  }

  /** From here on events are looked over; what they write is forgotten when it ends. */
  suppose(supposing: boolean): void {
    this.supposed = supposing ? new Map() : undefined;
  }

  /** Puts a wanted row into memory. */
  supply(name: string, entry: Entry): void {
    this.young.set(name, entry);
  }

  /** Takes the event's changes back. */
  undo(): void {
    for (const entry of this.touched) {
      entry.row = entry.before;
      entry.touched = false;
    }
    this.touched.length = 0;
  }

  /** The event is settled: what it did stands. */
  settled(): void {
    for (const entry of this.touched) entry.touched = false;
    this.touched.length = 0;
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

  private write(key: AnyRow, row: AnyRow | undefined): void {
    const name = this.nameOf(key);
    if (this.supposed) {
      this.known(name, key);
      this.supposed.set(name, row);
      return;
    }
    const entry = this.entry(name, key);
    if (!entry.touched) {
      entry.touched = true;
      entry.before = entry.row;
      this.touched.push(entry);
    }
    entry.row = row;
  }

  private entry(name: string, key: AnyRow): Entry {
    const entry = this.find(name, key);
    if (entry.effective > this.now.effective) throw LATE;
    return entry;
  }

  /** What is known of a key, whatever the time. Throws where it must be loaded first. */
  find(name: string, key: AnyRow): Entry {
    const known = this.known(name, key);
    if (known) return known;
    throw NOT_IN_MEMORY;
  }

  /** Undefined where the row must be loaded first, which is then wanted. */
  private known(name: string, key: AnyRow): Entry | undefined {
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
    const packed = this.key.map((column) => pack(column, key[column.name]));
    if (this.seen && !this.seen.meet(name)) {
      const entry = emptyEntry();
      this.young.set(name, entry);
      return entry;
    }
    this.wanted.set(name, packed);
    return undefined;
  }

  nameOf(key: AnyRow): string {
    if (this.key.length === 1) return String(key[this.key[0]!.name]);
    let name = '';
    for (const { name: column } of this.key) name += key[column] === null ? '\u0001' : `${String(key[column])}\u0000`;
    return name;
  }
}
