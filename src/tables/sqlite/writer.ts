import type { Database, SqlValue, Statement } from '../../store/sqlite/driver';
import { type Interval, type LateChange, LateRows, type Stretch } from '../late';
import { type AnyRow, type Entry, type Now, TableRows } from '../rows';
import { Creations } from './creations';
import type { Words } from './dictionary';
import { type Held, unknown } from './held';
import { ReaderIndexes } from './indexes';
import { Inserts } from './inserts';
import { Lookup, type Stored } from './lookup';
import { Packing } from './packing';
import { PastRows } from './past';
import { type Layout, list, quote, timeNames } from './schema';

// More kinds of change than this on one table are rare; they then share the statement that writes every column.
const UPDATE_STATEMENTS = 128;
/** Columns of which a number can say, a bit each, whether they changed. */
const BITS = 52;
const EVERY_COLUMN = -1;

/** Reads and writes the rows of one table: past rows as they happen, live rows once a batch. */
export class TableWriter {
  readonly rows: TableRows<Held>;
  private readonly dirty: Entry<Held>[] = [];
  private readonly temporal: boolean;
  private readonly rowidColumn: number;
  private readonly indexes: ReaderIndexes | undefined;
  private readonly lookup: Lookup;
  private readonly added: Inserts;
  private readonly remove: Statement;
  private readonly packing: Packing;
  private readonly past: PastRows;
  private readonly gone: { find: Statement<readonly [number]>; put: Statement; remove: Statement };
  /** Of a ledger: where the time of its row's event stands. */
  private readonly occurredAt: number;
  /** By the columns they write. */
  private readonly updates = new Map<number, Statement>();
  /** Which columns say when a row came into being. */
  readonly creations: Creations;
  private hasGone = false;
  private nextId = 0;

  constructor(
    private readonly db: Database,
    words: Words,
    private readonly layout: Layout,
    options: { readonly sealed: boolean; readonly creations: readonly string[]; readonly now: Now },
  ) {
    this.creations = new Creations(layout, options.creations);
    const { columns, identity, table, key } = layout;
    this.packing = new Packing(layout, words);
    this.temporal = table.temporal === true;
    this.rowidColumn = identity === 'number' ? columns.findIndex((column) => column.name === layout.rowid) : -1;
    this.occurredAt = columns.findIndex(({ name }) => name === 'occurredAt');
    const times = timeNames(table);
    const id = identity === 'id' ? ['_id'] : [];
    const all = [list(columns), ...times, ...id].join(', ');
    const live = quote(layout.live);
    const byKey = key.map((column) => `${quote(column.name)} ${column.nullable ? 'IS' : '='} ?`).join(' AND ');
    const marks = (count: number) => Array(count).fill('?').join(', ');
    const width = columns.length + times.length + id.length;
    this.added = new Inserts(db, `${live} (${all})`, width);
    this.remove = db.prepare(`DELETE FROM ${live} WHERE ${this.whereRow()}`);
    this.past = new PastRows(db, layout);
    const gone = quote(layout.gone);
    this.gone = {
      find: db.prepareArrays(`SELECT _effective FROM ${gone} WHERE ${byKey}`),
      put: db.prepare(`INSERT INTO ${gone} VALUES (${marks(key.length + 1)})`),
      remove: db.prepare(`DELETE FROM ${gone} WHERE ${byKey}`),
    };
    this.indexes = options.sealed ? ReaderIndexes.of(db, layout) : undefined;
    this.rows = new TableRows(table, options.now, (key, name) => this.load(key, name));
    const nameOf = (row: AnyRow) => this.rows.nameOf(row);
    this.lookup = new Lookup(db, layout, words, all, options.sealed || identity !== 'id' ? undefined : nameOf);
    this.refresh();
  }

  /** Drops everything in memory: the tables are as another transaction left them. */
  refresh(): void {
    this.rows.clear();
    this.dirty.length = 0;
    const { identity, live, gone } = this.layout;
    const count = (sql: string) => Number(this.db.prepareArrays<readonly [number | null]>(sql).get()?.[0] ?? 0);
    if (identity === 'id') this.nextId = count(`SELECT max(_id) FROM ${quote(live)}`) + 1;
    this.hasGone = count(`SELECT 1 FROM ${quote(gone)} LIMIT 1`) === 1;
    this.lookup.refresh();
  }

  /** Brings the touched rows into stored form. Throws, changing nothing, where a value does not fit its column. */
  prepare(): void {
    for (const { row, before, held } of this.rows.touched) {
      const { packed } = held;
      if (row === undefined) held.next = undefined;
      else held.next = this.packed(row, before, packed);
      if (packed && held.next !== packed) this.expectFixed(packed, held.next);
    }
  }

  private packed(row: AnyRow, before: AnyRow | undefined, packed: SqlValue[] | undefined): SqlValue[] {
    return packed && before ? this.packing.next(row, before, packed) : this.packing.first(row);
  }

  private expectFixed(before: readonly SqlValue[], after: readonly SqlValue[] | undefined): void {
    if (!this.temporal)
      throw new TypeError(`a row of the ledger ${this.layout.name} is written once and never changes`);
    this.past.expectFixed(before, after);
  }

  /** Makes what `prepare` found part of history, at this event. */
  settle(position: number, effective: number): void {
    for (const entry of this.rows.touched) {
      if (entry.held.next !== entry.held.packed) this.change(entry, position, effective, effective);
    }
    this.rows.settled();
  }

  /** The rows as a late event sees them. Everything must have been written before. */
  late(interval: Interval): LateRows<SqlValue> {
    const nameOf = (key: AnyRow) => this.rows.nameOf(key);
    const isSame = (one: AnyRow, other: AnyRow) => {
      const packed = this.packing.first(other);
      return this.packing.next(one, other, packed) === packed;
    };
    return new LateRows(interval, nameOf, (key, name) => this.stretches(key, name, interval.from), isSame);
  }

  /** Throws, changing nothing, where a value does not fit its column. */
  prepareLate(changes: readonly LateChange<SqlValue>[]): void {
    for (const { name, added, live } of changes) {
      for (const { row } of added) this.packing.first(row);
      if (!live) continue;
      const { row, held } = this.rows.find({}, name);
      held.next = live.row && this.packed(live.row, row, held.packed);
      if (held.packed) this.expectFixed(held.packed, held.next);
    }
  }

  /** Makes what a late event changed part of history. */
  settleLate(changes: readonly LateChange<SqlValue>[], position: number): void {
    for (const { name, ended, added, live } of changes) {
      const entry = this.rows.find({}, name);
      const { held } = entry;
      for (const past of ended) this.past.end(past, position);
      const stretches = added.map(({ from, to, row }) => ({ from, to, packed: this.packing.first(row) }));
      if (live) {
        held.last = stretches[0]?.packed;
        entry.row = live.row;
        this.change(entry, position, live.kept, live.since);
      }
      for (const { from, to, packed } of stretches) {
        this.past.keep(held.rowid, packed, undefined, position, from, position, to);
        this.indexes?.keepText(packed, held.packed);
      }
    }
  }

  private stretches(key: AnyRow, name: string, after: number): readonly Stretch<SqlValue>[] {
    const { row, held } = this.rows.find(key, name);
    const live = row && { row, from: held.effective, to: Number.POSITIVE_INFINITY };
    if (held.effective <= after) return live ? [live] : [];
    const width = this.layout.columns.length;
    const lasting = this.past.lasting(held.rowid, this.lookup.packed(key), after);
    const past = lasting.map((values) => ({
      row: this.lookup.rowOf(values),
      from: values[width] as number,
      to: values[width + 1] as number,
      past: values[width + 2]!,
    }));
    return live ? [...past, live] : past;
  }

  /** The row of a key becomes another, or goes: from the position on, and the effective time `since`. */
  private change(entry: Entry<Held>, position: number, kept: number, since: number): void {
    const { held } = entry;
    if (held.packed) {
      this.past.keep(held.rowid, held.packed, held.next, held.from, held.effective, position, kept);
      this.indexes?.keepText(held.packed, held.next);
    }
    held.from = position;
    held.effective = since;
    if (this.layout.identity !== 'key') this.number(held, position);
    if (held.next === undefined) held.last = held.packed ?? held.last;
    held.packed = held.next;
    if (held.dirty) return;
    held.dirty = true;
    this.dirty.push(entry);
  }

  /** Writes the live rows of the batch. */
  flush(): void {
    this.past.flush();
    for (const entry of this.dirty) {
      this.write(entry.held);
      entry.held.dirty = false;
      entry.held.live = entry.held.packed;
      entry.held.liveRowid = entry.held.rowid;
    }
    this.added.flush();
    this.dirty.length = 0;
    this.rows.clear();
  }

  /** Rows are numbered as they come into being. Readers may then walk them in the order of a column that says when. */
  private number(held: Held, position: number): void {
    const { packed, next } = held;
    if (packed === undefined && this.rowidColumn >= 0) held.rowid = next![this.rowidColumn] as number;
    else if (packed === undefined) {
      held.rowid = this.nextId++;
      this.lookup.born(held.name, held.rowid);
      this.creations.born(next!, position);
    } else if (next !== undefined) this.creations.changed(packed, next);
  }

  private write(held: Held): void {
    const { packed } = held;
    let { live } = held;
    if (live !== undefined && (packed === undefined || held.rowid !== held.liveRowid)) {
      this.remove.run(...(this.layout.identity === 'key' ? this.keyOf(live) : [held.liveRowid]));
      this.indexes?.change(held.liveRowid, live, undefined);
      live = undefined;
    }
    if (packed === undefined) {
      this.writeGone(held);
      return;
    }
    if (live !== undefined) {
      this.update(held, live, packed);
    } else this.add(held, packed);
    this.indexes?.change(held.rowid, live, packed);
  }

  private add(held: Held, packed: SqlValue[]): void {
    const { added } = this;
    added.values(packed);
    if (this.temporal) added.value(held.from);
    added.value(this.temporal || held.effective !== packed[this.occurredAt] ? held.effective : null);
    if (this.layout.identity === 'id') added.value(held.rowid);
    added.end();
    if (held.gone) this.gone.remove.run(...this.keyOf(packed));
    held.gone = false;
  }

  /** A key that is gone keeps the effective time since when it is. */
  private writeGone(held: Held): void {
    if (!held.last) return;
    const key = this.keyOf(held.last);
    if (held.gone) this.gone.remove.run(...key);
    this.gone.put.run(...key, held.effective);
    held.gone = true;
    this.hasGone = true;
  }

  /** Only the columns that changed are written: SQLite then leaves the indexes of the others alone. */
  private update(held: Held, live: SqlValue[], packed: SqlValue[]): void {
    let changed: number[] = [];
    let bits = 0;
    for (let at = 0; at < packed.length; at++) {
      if (packed[at] === live[at]) continue;
      changed.push(at);
      bits += 2 ** at;
    }
    if (packed.length > BITS || (this.updates.size >= UPDATE_STATEMENTS && !this.updates.has(bits))) {
      changed = packed.map((_value, at) => at);
      bits = EVERY_COLUMN;
    }
    let statement = this.updates.get(bits);
    if (!statement) {
      statement = this.prepareUpdate(changed);
      this.updates.set(bits, statement);
    }
    const values: SqlValue[] = changed.map((at) => packed[at]!);
    values.push(held.from, held.effective);
    if (this.layout.identity === 'key') values.push(...this.keyOf(live));
    else values.push(held.rowid);
    statement.run(...values);
  }

  private prepareUpdate(changed: readonly number[]): Statement {
    const names = changed.map((at) => quote(this.layout.columns[at]!.name));
    names.push('_from', '_from_effective');
    const set = names.map((name) => `${name} = ?`).join(', ');
    return this.db.prepare(`UPDATE ${quote(this.layout.live)} SET ${set} WHERE ${this.whereRow()}`);
  }

  private whereRow(): string {
    const { identity, key, rowid } = this.layout;
    return identity === 'key' ? key.map((c) => `${quote(c.name)} = ?`).join(' AND ') : `${quote(rowid)} = ?`;
  }

  private keyOf(packed: SqlValue[]): SqlValue[] {
    return this.layout.key.map((column) => packed[this.layout.columns.indexOf(column)]!);
  }

  private load(key: AnyRow, name: string) {
    const held = unknown(name);
    const packed = this.lookup.packed(key);
    const stored = this.lookup.find(name, packed);
    if (!stored) {
      const reached = this.hasGone ? this.gone.find.get(...packed)?.[0] : undefined;
      if (reached !== undefined) {
        held.effective = reached;
        held.gone = true;
      }
      return { row: undefined, held };
    }
    return { row: this.unpack(stored, held), held };
  }

  private unpack(stored: Stored, held: Held): AnyRow {
    const { columns, identity } = this.layout;
    const packed = stored.slice(0, columns.length);
    held.packed = packed;
    held.live = packed;
    if (this.temporal) {
      held.from = stored[columns.length] as number;
      held.effective = stored[columns.length + 1] as number;
    } else held.effective = (stored[columns.length] ?? packed[this.occurredAt]) as number;
    held.rowid = identity === 'key' ? 0 : ((identity === 'id' ? stored.at(-1) : packed[this.rowidColumn]) as number);
    held.liveRowid = held.rowid;
    return this.lookup.rowOf(stored);
  }
}
