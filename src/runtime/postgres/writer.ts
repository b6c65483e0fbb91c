import type { Connection } from '../../postgres';
import { positionOf } from '../../store/instant';
import type { AnyRow } from '../rows';
import { SeenKeys } from '../seen';
import { type Errand, ReaderIndexes } from './indexes';
import { CachedRows, type Entry, emptyEntry } from './rows';
import { type Layout, list, quote } from './schema';
import { arrayOf, copyField, type Packed, pack, packedOf, sentAs, unpack } from './values';

const POSITION = { name: 'position', kind: 'position', nullable: false } as const;
const NUMBER = { name: 'number', kind: 'integer', nullable: false } as const;

/** Reads and writes the rows of one table: whatever a batch wants in one question, whatever it changed in one write. */
export class TableWriter {
  readonly rows: CachedRows;
  private readonly dirty: Entry[] = [];
  private pastLines: string[] = [];
  private readonly temporal: boolean;
  private readonly indexes: ReaderIndexes | undefined;
  private readonly fixed: readonly number[];
  private readonly keyAt: readonly number[];
  private hasGone = false;

  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
    options: { readonly sealed: boolean; readonly capacity: number },
  ) {
    const { columns, key, table, fixed } = layout;
    this.temporal = table.temporal === true;
    this.fixed = fixed.map((column) => columns.indexOf(column));
    this.keyAt = key.map((column) => columns.indexOf(column));
    this.indexes = options.sealed ? new ReaderIndexes(connection, layout) : undefined;
    this.rows = new CachedRows(key, options.capacity);
  }

  /** Drops everything in memory: the tables are as another transaction left them. */
  async refresh(): Promise<void> {
    this.rows.clear();
    this.dirty.length = 0;
    this.pastLines = [];
    this.indexes?.clear();
    const { live, gone } = this.layout;
    const any = (name: string) => `SELECT EXISTS (SELECT 1 FROM ${name})`;
    const [rows, keys] = await this.connection.script(`${any(live)}; ${this.temporal ? any(gone) : 'SELECT false'}`);
    this.hasGone = keys![0]![0] === true;
    const isEmpty = rows![0]![0] !== true && !this.hasGone;
    this.rows.seen = isEmpty ? new SeenKeys() : undefined;
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
      `SELECT k._at, ${list(columns, 't')}${times} FROM ${this.keysAsked()} JOIN ${live} t ON ${this.sameKey('t')}`,
      arrays,
    );
    for (const row of found) this.fill(entries[(row[0] as number) - 1]!, row);
    if (this.hasGone) {
      const sql = `SELECT k._at, t._effective FROM ${this.keysAsked()} JOIN ${gone} t ON ${this.sameKey('t')}`;
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

  /** What the batch changed, to be written in this order. Memory goes on from here at once. */
  collect(): readonly Errand[] {
    const changed = this.dirty.filter(({ stored, packed }) => stored !== undefined || packed !== undefined);
    const removed = changed.filter(({ packed }) => packed === undefined);
    const written = changed.filter(({ packed }) => packed !== undefined);
    const errands: Errand[] = [];
    const { live, past } = this.layout;
    if (removed.length > 0)
      errands.push(
        this.remove(
          live,
          removed.map(({ stored }) => stored!),
        ),
      );
    if (written.length > 0) errands.push(this.upsert(written));
    if (this.pastLines.length > 0) {
      const lines = this.pastLines.join('');
      errands.push(() => this.connection.copy(past, lines));
    }
    this.pastLines = [];
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

  private upsert(entries: readonly Entry[]): Errand {
    const { columns, key, live } = this.layout;
    const own = this.temporal ? [...columns, POSITION, NUMBER] : columns;
    const names = [...columns.map(({ name }) => quote(name)), ...(this.temporal ? ['_from', '_from_effective'] : [])];
    const sent = own.map(sentAs);
    const arrays = columns.map((column, at) =>
      arrayOf(
        column,
        entries.map(({ packed }) => packed![at]!),
      ),
    );
    if (this.temporal) {
      arrays.push(
        arrayOf(
          POSITION,
          entries.map(({ from }) => from),
        ),
      );
      arrays.push(
        arrayOf(
          NUMBER,
          entries.map(({ fromEffective }) => fromEffective),
        ),
      );
    }
    const isKey = new Set(key.map(({ name }) => quote(name)));
    const set = names.filter((name) => !isKey.has(name)).map((name) => `${name} = excluded.${name}`);
    return this.errand(
      `INSERT INTO ${live} (${names.join(', ')}) SELECT ${sent.map(({ read }, at) => read(`c${at}`)).join(', ')} ` +
        `FROM unnest(${sent.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')}) ` +
        `AS u(${sent.map((_, at) => `c${at}`).join(', ')}) ON CONFLICT (${list(key)}) DO ` +
        (set.length > 0 ? `UPDATE SET ${set.join(', ')}` : 'NOTHING'),
      arrays,
    );
  }

  /** Deletes rows by key. */
  private remove(from: string, rows: readonly (readonly Packed[])[]): Errand {
    return this.errand(
      `DELETE FROM ${from} t USING ${this.keysAsked()} WHERE ${this.sameKey('t')}`,
      this.keyArrays(rows),
    );
  }

  /** A key that is gone keeps the effective time it reached. */
  private writeGone(): readonly Errand[] {
    const errands: Errand[] = [];
    const back = this.dirty.filter(({ gone, packed }) => gone && packed !== undefined);
    const left = this.dirty.filter(({ packed, last }) => packed === undefined && last !== undefined);
    if (back.length > 0) {
      const keys = back.map(({ packed }) => packed!);
      errands.push(this.remove(this.layout.gone, keys));
    }
    for (const entry of back) entry.gone = false;
    if (left.length === 0) return errands;
    const { key, gone } = this.layout;
    const sent = [...key, NUMBER].map(sentAs);
    const put = this.errand(
      `INSERT INTO ${gone} SELECT ${sent.map(({ read }, at) => read(`c${at}`)).join(', ')} ` +
        `FROM unnest(${sent.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')}) ` +
        `AS u(${sent.map((_, at) => `c${at}`).join(', ')}) ` +
        `ON CONFLICT (${list(key)}) DO UPDATE SET _effective = excluded._effective`,
      [
        ...this.keyArrays(left.map(({ last }) => last!)),
        arrayOf(
          NUMBER,
          left.map(({ effective }) => effective),
        ),
      ],
    );
    for (const entry of left) entry.gone = true;
    this.hasGone = true;
    return [...errands, put];
  }

  private errand(text: string, arrays: readonly string[]): Errand {
    return () => this.connection.prepared(text, arrays);
  }

  private keepPast(entry: Entry, position: string, occurred: number): void {
    const effective = Math.max(entry.effective, occurred);
    if (entry.packed) {
      let line = '';
      for (let at = 0; at < entry.packed.length; at++) {
        line += `${copyField(this.layout.columns[at]!, entry.packed[at]!)}\t`;
      }
      this.pastLines.push(`${line}${entry.from}\t${entry.fromEffective}\t${position}\t${effective}\n`);
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
    for (let at = 0; at < columns.length; at++) row[columns[at]!.name] = unpack(columns[at]!, packed[at]!);
    entry.row = row;
    entry.packed = packed;
    entry.stored = packed;
    if (!this.temporal) return;
    entry.from = positionOf(Number(found[columns.length + 1]));
    entry.fromEffective = found[columns.length + 2] as number;
    entry.effective = entry.fromEffective;
  }

  private keyArrays(rows: readonly (readonly Packed[])[]): readonly string[] {
    return this.keyAt.map((at) =>
      arrayOf(
        this.layout.columns[at]!,
        rows.map((row) => row[at]!),
      ),
    );
  }

  private keysAsked(): string {
    const sent = this.layout.key.map(sentAs);
    const arrays = sent.map(({ type }, at) => `$${at + 1}::${type}[]`);
    return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS k(${sent.map((_, at) => `k${at}`).join(', ')}, _at)`;
  }

  private sameKey(alias: string): string {
    return this.layout.key
      .map((column, at) => {
        const equal = column.nullable ? 'IS NOT DISTINCT FROM' : '=';
        return `${alias}.${quote(column.name)} ${equal} ${sentAs(column).read(`k.k${at}`)}`;
      })
      .join(' AND ');
  }
}
