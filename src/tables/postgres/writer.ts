import { positionOf } from '../../store/instant';
import type { AnyRow } from '../rows';
import { SeenKeys } from '../seen';
import type { Connection } from './driver';
import type { Errand } from './errand';
import { ReaderIndexes } from './indexes';
import { CopyLines } from './lines';
import { keyArrays, keysAsked, LiveRows, NUMBER, removal, sameKey } from './live';
import { CachedRows, type Entry, emptyEntry } from './rows';
import { type Layout, list } from './schema';
import { arrayOf, type Packed, pack, packedOf, read, sentAs } from './values';

/** A row that is looked for in vain is waited for, which costs far more than the memory. */
const BITS_A_KEY = 32;

/** Reads and writes the rows of one table: whatever a batch wants in one question, whatever it changed in one write. */
export class TableWriter {
  readonly rows: CachedRows;
  private readonly dirty: Entry[] = [];
  private readonly past: CopyLines;
  private readonly live: LiveRows;
  private readonly temporal: boolean;
  private readonly indexes: ReaderIndexes | undefined;
  private readonly fixed: readonly number[];
  private hasGone = false;

  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
    options: { readonly sealed: boolean; readonly capacity: number },
  ) {
    const { columns, key, table, fixed } = layout;
    this.temporal = table.temporal === true;
    this.fixed = fixed.map((column) => columns.indexOf(column));
    this.indexes = options.sealed ? new ReaderIndexes(connection, layout) : undefined;
    this.rows = new CachedRows(key, options.capacity);
    this.past = new CopyLines(connection, layout.past, columns);
    this.live = new LiveRows(connection, layout, options.sealed);
  }

  /** Drops everything in memory: the tables are as another transaction left them. */
  async refresh(): Promise<void> {
    this.rows.clear();
    this.dirty.length = 0;
    this.past.clear();
    this.indexes?.clear();
    const { live, gone } = this.layout;
    const any = (name: string) => `SELECT EXISTS (SELECT 1 FROM ${name})`;
    const [rows, keys] = await this.connection.script(`${any(live)}; ${this.temporal ? any(gone) : 'SELECT false'}`);
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
    const times = this.temporal ? ', t._from, t._from_effective' : '';
    const found = await this.connection.prepared(
      `SELECT k._at, ${list(columns, 't')}${times} FROM ${keysAsked(this.layout)} JOIN ${live} t ON ${sameKey(this.layout)}`,
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
      if (this.layout.promised && entry.packed) this.expectFixed(entry.packed, entry.next);
    }
  }

  /** Makes what `prepare` found part of history, at this event. */
  settle(position: string, occurred: number): void {
    for (const entry of this.rows.touched) {
      if (entry.next === entry.packed) continue;
      if (this.temporal) this.keepPast(entry, position, occurred);
      entry.last = entry.packed;
      entry.packed = entry.next;
      if (entry.dirty) continue;
      entry.dirty = true;
      this.dirty.push(entry);
    }
    this.rows.settled();
  }

  /** How many rows the batch has changed so far. */
  get changed(): number {
    return this.dirty.length;
  }

  /** What the batch changed, to be written in this order. Memory goes on from here at once. */
  collect(): readonly Errand[] {
    const changed = this.dirty.filter(({ stored, packed }) => stored !== undefined || packed !== undefined);
    const errands = [...this.live.write(changed), ...this.past.take()];
    if (this.temporal) errands.push(...this.writeGone());
    if (this.indexes) errands.push(...this.indexes.collect(changed));
    for (const entry of this.dirty) {
      entry.dirty = false;
      entry.stored = entry.packed;
    }
    this.dirty.length = 0;
    this.rows.trim();
    return errands;
  }

  /** A key that is gone keeps the effective time it reached. */
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

  private keepPast(entry: Entry, position: string, occurred: number): void {
    const effective = Math.max(entry.effective, occurred);
    if (entry.packed) {
      this.past.add(entry.packed, `\t${entry.from}\t${entry.fromEffective}\t${position}\t${effective}`);
      this.indexes?.keepText(entry.packed, entry.next);
    }
    entry.from = position;
    entry.fromEffective = effective;
    entry.effective = effective;
  }

  private expectFixed(before: readonly Packed[], after: readonly Packed[] | undefined): void {
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
    if (!this.temporal) return;
    entry.from = positionOf(Number(found[columns.length + 1]));
    entry.fromEffective = found[columns.length + 2] as number;
    entry.effective = entry.fromEffective;
  }
}
