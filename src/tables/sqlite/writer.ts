import type { Database, SqlValue, Statement } from '../../store/sqlite/driver';
import type { Stretch } from '../late';
import { type AnyRow, Entry, type Now, TableRows } from '../rows';
import { type Past, TableFold } from '../tablefold';
import { Creations } from './creations';
import type { Words } from './dictionary';
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

/** A row in memory, and the number the live table knows it by. */
class NumberedEntry extends Entry<SqlValue> {
  rowid = 0;
  /** Another one where the row went and came back in one batch. */
  storedRowid = 0;
}

/** The rows that a batch touches, loaded where they are missing. */
class BatchRows extends TableRows<NumberedEntry> {
  private entries = new Map<string, NumberedEntry>();
  /** What an event reads it mostly writes next. */
  private last: NumberedEntry | undefined;

  constructor(
    layout: Layout,
    now: Now,
    private readonly load: (name: string, key: AnyRow) => NumberedEntry,
  ) {
    super(layout.table, now);
  }

  find(name: string, key: AnyRow): NumberedEntry {
    if (this.last?.name === name) return this.last;
    let entry = this.entries.get(name);
    if (entry === undefined) {
      entry = this.load(name, key);
      this.entries.set(name, entry);
    }
    this.last = entry;
    return entry;
  }

  /** Only between batches, when every changed row is written, or lost with its transaction. */
  clear(): void {
    this.entries = new Map();
    this.last = undefined;
    this.touched.length = 0;
  }
}

/** Reads and writes the rows of one table: past rows as they happen, live rows once a batch. */
export class TableWriter extends TableFold<SqlValue, SqlValue, NumberedEntry> {
  readonly rows: BatchRows;
  private readonly rowidColumn: number;
  private readonly indexes: ReaderIndexes | undefined;
  private readonly lookup: Lookup;
  private readonly added: Inserts;
  private readonly remove: Statement;
  private readonly packing: Packing;
  private readonly past: PastRows;
  private readonly gone: { find: Statement<readonly [number]>; put: Statement; remove: Statement };
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
    super(layout.name, layout.table, layout.columns);
    this.creations = new Creations(layout, options.creations);
    const { columns, identity, table, key } = layout;
    this.packing = new Packing(layout, words);
    this.rowidColumn = identity === 'number' ? columns.findIndex((column) => column.name === layout.rowid) : -1;
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
    this.rows = new BatchRows(layout, options.now, (name, key) => this.load(name, key));
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

  /** Writes the live rows of the batch. */
  flush(): void {
    this.past.flush();
    for (const entry of this.dirty) {
      this.write(entry);
      entry.dirty = false;
      entry.stored = entry.packed;
      entry.storedRowid = entry.rowid;
    }
    this.added.flush();
    this.dirty.length = 0;
    this.rows.clear();
  }

  protected pack(row: AnyRow, before?: AnyRow, packed?: readonly SqlValue[]): readonly SqlValue[] {
    return packed && before ? this.packing.next(row, before, packed) : this.packing.first(row);
  }

  protected keepPast(entry: NumberedEntry, past: Past<SqlValue>): void {
    this.past.keep(entry.rowid, past);
    this.indexes?.keepText(past.row, past.live);
  }

  protected endPast(past: readonly SqlValue[], position: number): void {
    for (const each of past) this.past.end(each, position);
  }

  protected lasting({ rowid }: NumberedEntry, key: AnyRow, after: number): readonly Stretch<SqlValue>[] {
    const width = this.columns.length;
    return this.past.lasting(rowid, this.lookup.packed(key), after).map((values) => ({
      row: this.lookup.rowOf(values),
      from: values[width] as number,
      to: values[width + 1] as number,
      past: values[width + 2]!,
    }));
  }

  /** Rows are numbered as they come into being. Readers may then walk them in the order of a column that says when. */
  protected changing(entry: NumberedEntry, position: number): void {
    const { packed, next } = entry;
    if (this.layout.identity === 'key') return;
    if (packed === undefined && next === undefined) return;
    if (packed === undefined && this.rowidColumn >= 0) entry.rowid = next![this.rowidColumn] as number;
    else if (packed === undefined) {
      entry.rowid = this.nextId++;
      this.lookup.born(entry.name, entry.rowid);
      this.creations.born(next!, position);
    } else if (next !== undefined) this.creations.changed(packed, next);
  }

  private write(entry: NumberedEntry): void {
    const { packed } = entry;
    let { stored: live } = entry;
    if (live !== undefined && (packed === undefined || entry.rowid !== entry.storedRowid)) {
      this.remove.run(...(this.layout.identity === 'key' ? this.keyOf(live) : [entry.storedRowid]));
      this.indexes?.change(entry.storedRowid, live, undefined);
      live = undefined;
    }
    if (packed === undefined) {
      this.writeGone(entry);
      return;
    }
    if (live !== undefined) {
      this.update(entry, live, packed);
    } else this.add(entry, packed);
    this.indexes?.change(entry.rowid, live, packed);
  }

  private add(entry: NumberedEntry, packed: readonly SqlValue[]): void {
    const { added } = this;
    added.values(packed);
    if (this.temporal) added.value(entry.from);
    if (!this.present) {
      added.value(this.temporal || entry.effective !== packed[this.occurredAt] ? entry.effective : null);
    }
    if (this.layout.identity === 'id') added.value(entry.rowid);
    added.end();
    if (entry.gone) this.gone.remove.run(...this.keyOf(packed));
    entry.gone = false;
  }

  /** A key that is gone keeps the effective time since when it is. */
  private writeGone(entry: NumberedEntry): void {
    if (!entry.last) return;
    const key = this.keyOf(entry.last);
    if (entry.gone) this.gone.remove.run(...key);
    this.gone.put.run(...key, entry.effective);
    entry.gone = true;
    this.hasGone = true;
  }

  /** Only the columns that changed are written: SQLite then leaves the indexes of the others alone. */
  private update(entry: NumberedEntry, live: readonly SqlValue[], packed: readonly SqlValue[]): void {
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
    if (this.temporal) values.push(entry.from, entry.effective);
    if (this.layout.identity === 'key') values.push(...this.keyOf(live));
    else values.push(entry.rowid);
    statement.run(...values);
  }

  private prepareUpdate(changed: readonly number[]): Statement {
    const names = changed.map((at) => quote(this.layout.columns[at]!.name));
    names.push(...timeNames(this.layout.table));
    const set = names.map((name) => `${name} = ?`).join(', ');
    return this.db.prepare(`UPDATE ${quote(this.layout.live)} SET ${set} WHERE ${this.whereRow()}`);
  }

  private whereRow(): string {
    const { identity, key, rowid } = this.layout;
    return identity === 'key' ? key.map((c) => `${quote(c.name)} = ?`).join(' AND ') : `${quote(rowid)} = ?`;
  }

  private keyOf(packed: readonly SqlValue[]): readonly SqlValue[] {
    return this.layout.key.map((column) => packed[this.layout.columns.indexOf(column)]!);
  }

  private load(name: string, key: AnyRow): NumberedEntry {
    const entry = new NumberedEntry(name);
    const stored = this.lookup.find(name, key);
    if (stored) this.fill(entry, stored);
    else if (this.hasGone) {
      const since = this.gone.find.get(...this.lookup.packed(key))?.[0];
      entry.gone = since !== undefined;
      if (since !== undefined) entry.effective = since;
    }
    return entry;
  }

  private fill(entry: NumberedEntry, stored: Stored): void {
    const { columns, identity } = this.layout;
    const packed = stored.slice(0, columns.length);
    entry.row = this.lookup.rowOf(stored);
    entry.packed = packed;
    entry.stored = packed;
    const width = columns.length;
    if (this.temporal) entry.from = stored[width] as number;
    if (!this.present) {
      entry.effective = (this.temporal ? stored[width + 1] : (stored[width] ?? packed[this.occurredAt])) as number;
    }
    if (identity !== 'key') entry.rowid = (identity === 'id' ? stored.at(-1) : packed[this.rowidColumn]) as number;
    entry.storedRowid = entry.rowid;
  }
}
