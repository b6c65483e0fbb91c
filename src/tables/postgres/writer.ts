import { positionOf } from '../../store/instant';
import { liveTimes } from '../held';
import { type Interval, type LateChange, LateRows, type Stretch } from '../late';
import type { AnyRow, Now } from '../rows';
import { SeenKeys } from '../seen';
import type { Connection } from './driver';
import { type Ended, PastEnds } from './ends';
import type { Errand } from './errand';
import { ReaderIndexes } from './indexes';
import { CopyLines, copyTimes } from './lines';
import { keyArrays, keysAsked, LiveRows, NUMBER, removal, sameKey } from './live';
import { CachedRows, type Entry, emptyEntry, NOT_IN_MEMORY } from './rows';
import { type Layout, list } from './schema';
import { arrayOf, type Packed, pack, packedOf, read, sentAs } from './values';

/** A row that is looked for in vain is waited for, which costs far more than the memory. */
const BITS_A_KEY = 32;

/** Reads and writes the rows of one table: whatever a batch wants in one question, whatever it changed in one write. */
export class TableWriter {
  readonly rows: CachedRows;
  private readonly dirty: Entry[] = [];
  private readonly past: CopyLines;
  private readonly ends: PastEnds;
  private readonly live: LiveRows;
  private readonly temporal: boolean;
  private readonly indexes: ReaderIndexes | undefined;
  private readonly fixed: readonly number[];
  private hasGone = false;

  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
    options: { readonly sealed: boolean; readonly capacity: number; readonly now: Now },
  ) {
    const { columns, key, table, fixed } = layout;
    this.temporal = table.temporal === true;
    this.fixed = fixed.map((column) => columns.indexOf(column));
    this.indexes = options.sealed ? new ReaderIndexes(connection, layout) : undefined;
    this.rows = new CachedRows(key, options.now, options.capacity);
    this.past = new CopyLines(connection, layout.past, columns);
    this.ends = new PastEnds(connection, layout);
    this.live = new LiveRows(connection, layout, options.sealed);
  }

  /** Drops everything in memory: the tables are as another transaction left them. */
  async refresh(): Promise<void> {
    this.rows.clear();
    this.dirty.length = 0;
    this.past.clear();
    this.ends.clear();
    this.indexes?.clear();
    const { live, gone } = this.layout;
    const any = (name: string) => `SELECT EXISTS (SELECT 1 FROM ${name})`;
    const [rows, keys] = await this.connection.script(`${any(live)}; ${any(gone)}`);
    this.hasGone = keys![0]![0] === true;
    const isEmpty = rows![0]![0] !== true && !this.hasGone;
    this.rows.seen = isEmpty ? new SeenKeys(BITS_A_KEY) : undefined;
  }

  /** Brings every wanted row into memory. */
  async load(): Promise<void> {
    const { wanted } = this.rows;
    if (wanted.size === 0) return;
    const names = [...wanted.keys()];
    const keys = [...wanted.values()];
    wanted.clear();
    const { columns, key, live, gone } = this.layout;
    const arrays = key.map((column, at) =>
      arrayOf(
        column,
        keys.map((each) => each[at]!),
      ),
    );
    const entries = names.map(emptyEntry);
    const times = list(liveTimes(this.layout.table), 't');
    const found = await this.connection.prepared(
      `SELECT k._at, ${list(columns, 't')}, ${times} FROM ${keysAsked(this.layout)} JOIN ${live} t ON ${sameKey(this.layout)}`,
      arrays,
    );
    for (const row of found) this.fill(entries[(row[0] as number) - 1]!, row);
    if (this.hasGone) {
      const sql = `SELECT k._at, t._effective FROM ${keysAsked(this.layout)} JOIN ${gone} t ON ${sameKey(this.layout)}`;
      for (const [at, effective] of await this.connection.prepared<readonly [number, number]>(sql, arrays)) {
        const entry = entries[at - 1]!;
        entry.effective = effective;
        entry.gone = true;
      }
    }
    for (let at = 0; at < names.length; at++) this.rows.supply(names[at]!, entries[at]!);
  }

  /** Packs the touched rows. Throws, changing nothing, where a value does not fit its column. */
  prepare(): void {
    for (const entry of this.rows.touched) {
      entry.next = entry.row === undefined ? undefined : this.pack(entry.row, entry.before, entry.packed);
      if (entry.packed && entry.next !== entry.packed) this.expectFixed(entry.packed, entry.next);
    }
  }

  /** Makes what `prepare` found part of history, at this event. */
  settle(position: string, effective: number): void {
    for (const entry of this.rows.touched) {
      if (entry.next !== entry.packed) this.change(entry, position, effective, effective);
    }
    this.rows.settled();
  }

  /** The rows as a late event sees them. Everything must have been written before. */
  late(interval: Interval): LateRows<Ended> {
    const nameOf = (key: AnyRow) => this.rows.nameOf(key);
    const isSame = (one: AnyRow, other: AnyRow) => {
      const packed = this.pack(other, undefined, undefined);
      return this.pack(one, other, packed) === packed;
    };
    return new LateRows(interval, nameOf, (key, name) => this.stretches(key, name, interval.from), isSame);
  }

  /** Brings into memory what a late event asked for in vain. */
  async loadLate(after: number): Promise<void> {
    await this.load();
    await this.ends.load(after);
  }

  /** Throws, changing nothing, where a value does not fit its column. */
  prepareLate(changes: readonly LateChange<Ended>[]): void {
    for (const { name, added, live } of changes) {
      for (const { row } of added) this.pack(row, undefined, undefined);
      if (!live) continue;
      const entry = this.rows.find(name, {});
      entry.next = live.row && this.pack(live.row, entry.row, entry.packed);
      if (entry.packed && entry.next !== entry.packed) this.expectFixed(entry.packed, entry.next);
    }
  }

  /** Makes what a late event changed part of history. */
  settleLate(changes: readonly LateChange<Ended>[], position: string): void {
    for (const { name, ended, added, live } of changes) {
      const entry = this.rows.find(name, {});
      this.ends.end(ended, position);
      const stretches = added.map(({ from, to, row }) => ({ from, to, packed: this.pack(row, undefined, undefined) }));
      if (live) {
        entry.last = stretches[0]?.packed;
        entry.row = live.row;
        this.change(entry, position, live.kept, live.since);
      }
      for (const { from, to, packed } of stretches) {
        this.past.add(packed, copyTimes(position, from, position, to, null));
        this.indexes?.keepText(packed, entry.packed);
      }
    }
    this.ends.forget();
  }

  private stretches(key: AnyRow, name: string, after: number): readonly Stretch<Ended>[] {
    const { row, effective } = this.rows.find(name, key);
    const live = row && { row, from: effective, to: Number.POSITIVE_INFINITY };
    if (effective <= after) return live ? [live] : [];
    const past = this.ends.lasting(name, key);
    if (!past) throw NOT_IN_MEMORY;
    return live ? [...past, live] : past;
  }

  /** The row of a key becomes another, or goes: from the position on, and the effective time `since`. */
  private change(entry: Entry, position: string, kept: number, since: number): void {
    if (entry.packed) {
      this.past.add(entry.packed, copyTimes(entry.from, entry.effective, position, kept, null));
      this.indexes?.keepText(entry.packed, entry.next);
    }
    entry.from = position;
    entry.effective = since;
    entry.last = entry.packed ?? entry.last;
    entry.packed = entry.next;
    if (entry.dirty) return;
    entry.dirty = true;
    this.dirty.push(entry);
  }

  /** How many rows the batch has changed so far. */
  get changed(): number {
    return this.dirty.length;
  }

  /** What the batch changed, to be written in this order. Memory goes on from here at once. */
  collect(): readonly Errand[] {
    const changed = this.dirty.filter(({ stored, packed }) => stored !== undefined || packed !== undefined);
    const errands = [...this.live.write(changed), ...this.ends.take(), ...this.past.take(), ...this.writeGone()];
    if (this.indexes) errands.push(...this.indexes.collect(changed));
    for (const entry of this.dirty) {
      entry.dirty = false;
      entry.stored = entry.packed;
    }
    this.dirty.length = 0;
    this.rows.trim();
    return errands;
  }

  /** A key that is gone keeps the effective time since when it is. */
  private writeGone(): readonly Errand[] {
    const errands: Errand[] = [];
    const back = this.dirty.filter(({ gone, packed }) => gone && packed !== undefined);
    const left = this.dirty.filter(({ packed, last }) => packed === undefined && last !== undefined);
    if (back.length > 0) {
      const keys = back.map(({ packed }) => packed!);
      errands.push(removal(this.connection, this.layout, this.layout.gone, keys));
    }
    for (const entry of back) entry.gone = false;
    if (left.length === 0) return errands;
    const { key, gone } = this.layout;
    const sent = [...key, NUMBER].map(sentAs);
    const text =
      `INSERT INTO ${gone} SELECT ${sent.map(({ read }, at) => read(`c${at}`)).join(', ')} ` +
      `FROM unnest(${sent.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')}) ` +
      `AS u(${sent.map((_, at) => `c${at}`).join(', ')}) ` +
      `ON CONFLICT (${list(key)}) DO UPDATE SET _effective = excluded._effective`;
    const reached = left.map(({ effective }) => effective);
    const keys = left.map(({ last }) => last!);
    const arrays = [...keyArrays(this.layout, keys), arrayOf(NUMBER, reached)];
    for (const entry of left) entry.gone = true;
    this.hasGone = true;
    return [...errands, () => this.connection.prepared(text, arrays)];
  }

  private expectFixed(before: readonly Packed[], after: readonly Packed[] | undefined): void {
    if (!this.temporal)
      throw new TypeError(`a row of the ledger ${this.layout.name} is written once and never changes`);
    if (!this.layout.promised) return;
    for (const at of this.fixed) {
      if (before[at] === after?.[at]) continue;
      throw new TypeError(`column ${this.layout.columns[at]!.name} is fixed: its row neither changes it nor goes`);
    }
  }

  private pack(row: AnyRow, before: AnyRow | undefined, packed: readonly Packed[] | undefined): readonly Packed[] {
    const { columns } = this.layout;
    const next: Packed[] = new Array(columns.length);
    let changed = packed === undefined;
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at]!;
      const value = row[column.name];
      if (packed && before && before[column.name] === value) {
        next[at] = packed[at]!;
        continue;
      }
      next[at] = pack(column, value);
      if (packed && next[at] !== packed[at]) changed = true;
    }
    return changed ? next : packed!;
  }

  private fill(entry: Entry, found: readonly unknown[]): void {
    const { columns } = this.layout;
    const packed = columns.map((column, at) => packedOf(column, found[at + 1]));
    const row: Record<string, unknown> = {};
    for (let at = 0; at < columns.length; at++) row[columns[at]!.name] = read(columns[at]!, found[at + 1]);
    entry.row = row;
    entry.packed = packed;
    entry.stored = packed;
    const [one, other] = found.slice(columns.length + 1);
    if (this.temporal) entry.from = positionOf(Number(one));
    entry.effective = (this.temporal ? other : (one ?? packed[this.layout.occurredAt])) as number;
  }
}
