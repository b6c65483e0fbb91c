import type { Database, SqlValue, Statement } from '../../sqlite';
import { type Layout, quote } from './schema';

/** From and to: positions and effective times in turn. */
type Times = readonly [from: number, fromEffective: number, to: number, toEffective: number];

/** Writes what rows were. Where some columns are fixed, a past row holds the others and the number of its live row. */
export class PastRows {
  private readonly insert: Statement;
  /** Where the columns that past rows hold stand in a row; undefined where they hold all. */
  private readonly moving: readonly number[] | undefined;
  private readonly fixed: readonly number[];

  constructor(
    db: Database,
    private readonly layout: Layout,
  ) {
    const { columns, moving, moved, past } = layout;
    if (moved !== past) this.moving = moving.map((column) => columns.indexOf(column));
    this.fixed = columns.flatMap((column, at) => (moving.includes(column) ? [] : [at]));
    const width = (this.moving ? moving.length + 1 : columns.length) + 4;
    this.insert = db.prepare(`INSERT INTO ${quote(moved)} VALUES (${Array(width).fill('?').join(', ')})`);
  }

  /** Throws where a fixed column changes or its row goes: past rows would then be read with another's values. */
  expectFixed(before: readonly SqlValue[], after: readonly SqlValue[] | undefined): void {
    for (const at of this.fixed) {
      if (before[at] === after?.[at]) continue;
      throw new TypeError(`column ${this.layout.columns[at]!.name} is fixed: its row neither changes it nor goes`);
    }
  }

  keep(rowid: number, row: readonly SqlValue[], times: Times): void {
    if (!this.moving) {
      this.insert.run(...row, ...times);
      return;
    }
    const values: SqlValue[] = [rowid];
    for (const at of this.moving) values.push(row[at]!);
    this.insert.run(...values, ...times);
  }
}
