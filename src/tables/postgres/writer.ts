import { positionOf } from '../../store/instant';
import { liveTimes } from '../held';
import type { Stretch } from '../late';
import { type AnyRow, Entry as EntryOf, type Now } from '../rows';
import { SeenKeys } from '../seen';
import { type Past, TableFold } from '../tablefold';
import type { Connection } from './driver';
import { type Ended, PastEnds } from './ends';
import type { Errand } from './errand';
import { ReaderIndexes } from './indexes';
import { CopyLines, copyTimes } from './lines';
import { keyArrays, keysAsked, LiveRows, NUMBER, removal, sameKey } from './live';
import { CachedRows, NOT_IN_MEMORY } from './rows';
import { type Layout, list } from './schema';
import { arrayOf, type Packed, pack, packedOf, rowOf, sentAs } from './values';

type Entry = EntryOf<Packed>;

/** A row that is looked for in vain is waited for, which costs far more than the memory. */
const BITS_A_KEY = 32;

/** Reads and writes the rows of one table: whatever a batch wants in one question, whatever it changed in one write. */
export class TableWriter extends TableFold<Packed, Ended, Entry> {
  readonly rows: CachedRows;
  private readonly past: CopyLines;
  private readonly ends: PastEnds;
  private readonly live: LiveRows;
  private readonly indexes: ReaderIndexes | undefined;
  private hasGone = false;

  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
    options: { readonly sealed: boolean; readonly capacity: number; readonly now: Now },
  ) {
    const { columns, key, table } = layout;
    super(layout.name, table, columns);
    this.indexes = options.sealed ? new ReaderIndexes(connection, layout) : undefined;
    this.rows = new CachedRows(table, key, options.now, options.capacity);
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
    const entries = names.map((name) => new EntryOf<Packed>(name));
    const read = list([...columns, ...liveTimes(this.layout.table)], 't');
    const found = await this.connection.prepared(
      `SELECT k._at, ${read} FROM ${keysAsked(this.layout)} JOIN ${live} t ON ${sameKey(this.layout)}`,
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
    for (const entry of entries) this.rows.supply(entry);
  }

  /** Brings into memory what a late event asked for in vain. */
  async loadLate(after: number): Promise<void> {
    await this.load();
    await this.ends.load(after);
  }

  forgetLate(): void {
    this.ends.forget();
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

  protected keepPast(_entry: Entry, { row, live, from, fromEffective, to, kept }: Past<Packed>): void {
    this.past.add(row, copyTimes(positionOf(from), fromEffective, positionOf(to), kept, null));
    this.indexes?.keepText(row, live);
  }

  protected endPast(past: readonly Ended[], position: number): void {
    this.ends.end(past, positionOf(position));
  }

  protected lasting({ name }: Entry, key: AnyRow): readonly Stretch<Ended>[] {
    const known = this.ends.lasting(name, key);
    if (!known) throw NOT_IN_MEMORY;
    return known;
  }

  protected changing(): void {}

  protected pack(row: AnyRow, before?: AnyRow, packed?: readonly Packed[]): readonly Packed[] {
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
    entry.row = rowOf(columns, found, 1);
    entry.packed = packed;
    entry.stored = packed;
    const [one, other] = found.slice(columns.length + 1);
    if (this.temporal) entry.from = Number(one);
    if (!this.present) {
      entry.effective = (this.temporal ? other : (one ?? packed[this.layout.occurredAt])) as number;
    }
  }
}
