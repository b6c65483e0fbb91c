import type { Database, SqlValue, Statement } from '../../store/sqlite/driver';
import type { AnyRow } from '../rows';
import type { Words } from './dictionary';
import { NumberedKeys } from './numbered';
import { keyIndexDdl, keyIndexOf, type Layout, list, quote } from './schema';
import { packerOf, unpack } from './values';

/** A row as it stands in the table: its columns, then what `Layout` keeps beside them. */
export type Stored = readonly SqlValue[];

/**
 * Finds the live rows that a fold asks for and that are not in memory. Where the table is filled from nothing, its keys
 * are known by themselves, since an index of them would leave its room empty in the file; otherwise the key's index is
 * asked.
 */
export class Lookup {
  private readonly byKey: Statement<Stored>;
  private readonly packKey: readonly ((value: unknown) => SqlValue)[];
  /** Where the columns of the key stand in a row. */
  private readonly keyAt: readonly number[];
  private readonly heap: { readonly byNumber: Statement<Stored>; readonly nameOf: (key: AnyRow) => string } | undefined;
  private numbers: NumberedKeys | undefined;

  /**
   * @param all the columns of a `Stored`, as SQL
   * @param nameOf the key as one string, where the table is being filled and has no index of its keys
   */
  constructor(
    private readonly db: Database,
    private readonly layout: Layout,
    private readonly words: Words,
    all: string,
    nameOf: ((key: AnyRow) => string) | undefined,
  ) {
    const { columns, key, live, rowid } = layout;
    const equal = key.map((column) => `${quote(column.name)} ${column.nullable ? 'IS' : '='} ?`).join(' AND ');
    this.byKey = db.prepareArrays(`SELECT ${all} FROM ${quote(live)} WHERE ${equal}`);
    this.keyAt = key.map((column) => columns.indexOf(column));
    this.packKey = key.map((column) => packerOf(column, words));
    this.heap = nameOf && {
      byNumber: db.prepareArrays(`SELECT ${all} FROM ${quote(live)} WHERE ${quote(rowid)} = ?`),
      nameOf,
    };
  }

  /** The table is as another transaction left it. */
  refresh(): void {
    this.numbers = this.heap && !this.hasIndex() ? new NumberedKeys() : undefined;
    if (!this.heap || !this.numbers) return;
    const { key, live, rowid } = this.layout;
    const rows = this.db.prepareArrays(`SELECT ${list(key)}, ${quote(rowid)} FROM ${quote(live)}`).iterate();
    for (const row of rows) {
      if (!this.numbers.useful) break;
      this.numbers.add(this.heap.nameOf(this.keyOf(row)), row[key.length] as number);
    }
    this.indexWhereMany();
  }

  /** A key has come by a row number. */
  born(name: string, number: number): void {
    this.numbers?.add(name, number);
    this.indexWhereMany();
  }

  /** Beyond what memory holds, the file has an index. Rows that are not written yet are in memory whole. */
  private indexWhereMany(): void {
    if (!this.numbers || this.numbers.useful) return;
    this.db.exec(keyIndexDdl(this.layout));
    this.numbers = undefined;
  }

  private hasIndex(): boolean {
    return (
      this.db.prepareArrays('SELECT 1 FROM sqlite_schema WHERE name = ?').get(keyIndexOf(this.layout)) !== undefined
    );
  }

  packed(key: AnyRow): SqlValue[] {
    return this.layout.key.map(({ name }, at) => this.packKey[at]!(key[name]));
  }

  find(name: string, key: AnyRow): Stored | undefined {
    if (!this.heap || !this.numbers) return this.byKey.get(...this.packed(key));
    const { byNumber } = this.heap;
    let packed: readonly SqlValue[] | undefined;
    return this.numbers.find(name, (number) => {
      const stored = byNumber.get(number);
      packed ??= this.packed(key);
      return stored && this.isOf(stored, packed) ? stored : undefined;
    });
  }

  /** The columns of a stored row, by name. */
  rowOf(stored: Stored): AnyRow {
    return named(this.layout.columns, stored, this.words);
  }

  private isOf(stored: Stored, key: readonly SqlValue[]): boolean {
    return key.every((value, at) => isSame(value, stored[this.keyAt[at]!]!));
  }

  private keyOf(stored: Stored): AnyRow {
    return named(this.layout.key, stored, this.words);
  }
}

function isSame(one: SqlValue, other: SqlValue): boolean {
  if (!(one instanceof Uint8Array)) return one === other;
  return other instanceof Uint8Array && one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function named(columns: Layout['columns'], stored: Stored, words: Words): AnyRow {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at++) row[columns[at]!.name] = unpack(columns[at]!, stored[at]!, words);
  return row;
}
