import type { Column } from './columns';
import { type Interval, type LateChange, LateRows, type Stretch } from './late';
import type { Table } from './projection';
import type { AnyRow, Entry, TableRows } from './rows';

/** A row that gave way: where it came into force, and where it gave way, for effective times from `kept` on. */
export interface Past<V> {
  readonly row: readonly V[];
  /** The row that took its place at all later times, where one did. */
  readonly next: readonly V[] | undefined;
  /** The row of the key that is live from then on. */
  readonly live: readonly V[] | undefined;
  readonly from: number;
  readonly fromEffective: number;
  readonly to: number;
  readonly kept: number;
}

/**
 * What events make of the rows of one table: past rows as they happen, live rows once a batch. `V` is a value in the
 * engine's stored form, `P` how it finds a past row.
 */
export abstract class TableFold<V, P, E extends Entry<V>> {
  abstract readonly rows: TableRows<E>;
  protected readonly dirty: E[] = [];
  protected readonly temporal: boolean;
  /** Rows have no times: the last one stands. */
  protected readonly present: boolean;
  /** Of a ledger: where the time of its row's event stands. */
  protected readonly occurredAt: number;
  private readonly fixed: readonly number[];

  constructor(
    private readonly name: string,
    table: Table,
    protected readonly columns: readonly Column[],
  ) {
    this.temporal = table.temporal === true;
    this.present = table.present === true;
    const at = (wanted: string) => columns.findIndex(({ name }) => name === wanted);
    this.occurredAt = at('occurredAt');
    this.fixed = table.fixed ? [...table.key, ...table.fixed].map(at) : [];
  }

  /** The stored form of a row that was `before`, in stored form `packed`: that very form where nothing of it changed. */
  protected abstract pack(row: AnyRow, before?: AnyRow | undefined, packed?: readonly V[] | undefined): readonly V[];
  protected abstract keepPast(entry: E, past: Past<V>): void;
  /** These past rows no longer hold from a position on. */
  protected abstract endPast(past: readonly P[], position: number): void;
  /** The past rows of a key that still hold, and end after an effective time. Everything must have been written. */
  protected abstract lasting(entry: E, key: AnyRow, after: number): readonly Stretch<P>[];
  /** Called before an entry takes its next form. */
  protected abstract changing(entry: E, position: number): void;

  /** Brings the touched rows into stored form. Throws, changing nothing, where a value does not fit its column. */
  prepare(): void {
    for (const entry of this.rows.touched) this.prepareEntry(entry, entry.row, entry.before);
  }

  /** Makes what `prepare` found part of history, at this event. */
  settle(position: number, effective: number): void {
    for (const entry of this.rows.touched) {
      if (entry.next !== entry.packed) this.change(entry, position, effective, effective);
    }
    this.rows.settled();
  }

  /** The rows as a late event sees them. Everything must have been written before. */
  late(interval: Interval): LateRows<P> {
    const isSame = (one: AnyRow, other: AnyRow) => {
      const packed = this.pack(other);
      return this.pack(one, other, packed) === packed;
    };
    return new LateRows(
      interval,
      (key) => this.rows.nameOf(key),
      (key, name) => this.stretches(key, name, interval.from),
      isSame,
    );
  }

  /** The same as `prepare` for a late event. */
  prepareLate(changes: readonly LateChange<P>[]): void {
    for (const { name, added, live } of changes) {
      for (const { row } of added) this.pack(row);
      const entry = this.rows.find(name, {});
      if (live) this.prepareEntry(entry, live.row, entry.row);
    }
  }

  /** The same as `settle` for a late event. */
  settleLate(changes: readonly LateChange<P>[], position: number): void {
    for (const { name, ended, added, live } of changes) {
      const entry = this.rows.find(name, {});
      if (this.present) {
        if (!live) continue;
        entry.row = live.row;
        this.change(entry, position, live.kept, live.since);
        continue;
      }
      this.endPast(ended, position);
      const stretches = added.map(({ from, to, row }) => ({ from, to, row: this.pack(row) }));
      if (live) {
        entry.last = stretches[0]?.row;
        entry.row = live.row;
        this.change(entry, position, live.kept, live.since);
      }
      // They hold from the position on, and are never what held at all times: so they gave way as they came.
      for (const { from, to, row } of stretches) {
        const came = { from: position, fromEffective: from };
        this.keepPast(entry, { row, next: undefined, live: entry.packed, ...came, to: position, kept: to });
      }
    }
  }

  private prepareEntry(entry: E, row: AnyRow | undefined, before: AnyRow | undefined): void {
    const { packed } = entry;
    entry.next = row && this.pack(row, before, packed);
    if (!packed || entry.next === packed) return;
    if (this.present && entry.next) return;
    if (this.present) throw new TypeError(`a row of ${this.name}, which keeps only the present, does not go`);
    if (!this.temporal) throw new TypeError(`a row of the ledger ${this.name} is written once and never changes`);
    // Past rows are kept without these columns, and would be read with another row's values.
    for (const at of this.fixed) {
      if (packed[at] === entry.next?.[at]) continue;
      throw new TypeError(`column ${this.columns[at]!.name} is fixed: its row neither changes it nor goes`);
    }
  }

  /** The row of a key becomes another, or goes: from the position on, and the effective time `since`. */
  private change(entry: E, position: number, kept: number, since: number): void {
    const { packed, next, from, effective } = entry;
    if (packed && !this.present)
      this.keepPast(entry, { row: packed, next, live: next, from, fromEffective: effective, to: position, kept });
    entry.from = position;
    if (!this.present) entry.effective = since;
    this.changing(entry, position);
    if (next === undefined) entry.last = packed ?? entry.last;
    entry.packed = next;
    if (entry.dirty) return;
    entry.dirty = true;
    this.dirty.push(entry);
  }

  private stretches(key: AnyRow, name: string, after: number): readonly Stretch<P>[] {
    const entry = this.rows.find(name, key);
    const { row, effective } = entry;
    const live = row && { row, from: effective, to: Number.POSITIVE_INFINITY };
    if (effective <= after) return live ? [live] : [];
    const past = this.lasting(entry, key, after);
    return live ? [...past, live] : past;
  }
}
