import type { Database, SqlValue } from '../../store/sqlite/driver';
import { Inserts } from './inserts';
import { type Layout, quote } from './schema';

/** Writes what rows were. Where some columns are fixed, a past row holds the others and the number of its live row. */
export class PastRows {
  private readonly rows: Inserts;
  /** Where the columns that past rows hold stand in a row; undefined where they hold all. */
  private readonly moving: readonly number[] | undefined;
  private readonly fixed: readonly number[];
  /** Of each column of a row: what its value must equal to be left out of a past row; undefined where it never is. */
  private readonly spared: readonly ('_from' | '_fromEffective' | 'next' | undefined)[];

  constructor(
    db: Database,
    private readonly layout: Layout,
  ) {
    const { columns, moving, moved, past, made } = layout;
    if (moved !== past) this.moving = moving.map((column) => columns.indexOf(column));
    this.spared = columns.map(({ name }) => layout.spared.get(name));
    this.fixed = columns.flatMap((column, at) => (moving.includes(column) || made.has(column.name) ? [] : [at]));
    this.rows = new Inserts(db, quote(moved), (this.moving ? moving.length + 1 : columns.length) + 4);
  }

  /** Throws where a fixed column changes or its row goes: past rows would then be read with another's values. */
  expectFixed(before: readonly SqlValue[], after: readonly SqlValue[] | undefined): void {
    for (const at of this.fixed) {
      if (before[at] === after?.[at]) continue;
      throw new TypeError(`column ${this.layout.columns[at]!.name} is fixed: its row neither changes it nor goes`);
    }
  }

  /** The row held between these positions and effective times, and was `next` then. `flush` writes it at the latest. */
  keep(
    rowid: number,
    row: readonly SqlValue[],
    next: readonly SqlValue[] | undefined,
    from: number,
    fromEffective: number,
    to: number,
    toEffective: number,
  ): void {
    const { rows, moving } = this;
    if (moving) {
      rows.value(rowid);
      for (const at of moving) {
        const where = this.spared[at];
        const equal = where === 'next' ? next?.[at] : where === '_from' ? from : fromEffective;
        rows.value(where !== undefined && row[at] === equal ? null : row[at]!);
      }
    } else rows.values(row);
    rows.value(from);
    rows.value(fromEffective);
    rows.value(to);
    rows.value(toEffective);
    rows.end();
  }

  flush(): void {
    this.rows.flush();
  }
}
