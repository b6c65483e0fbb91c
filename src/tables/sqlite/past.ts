import type { Database, SqlValue, Statement } from '../../store/sqlite/driver';
import type { Past } from '../tablefold';
import { Inserts } from './inserts';
import { type Layout, list, PAST_ROW, pastKeyDdl, quote } from './schema';

/** Writes what rows were. Where some columns are fixed, a past row holds the others and the number of its live row. */
export class PastRows {
  private readonly rows: Inserts;
  /** Where the columns that past rows hold stand in a row; undefined where they hold all. */
  private readonly moving: readonly number[] | undefined;
  /** Of each column of a row: what its value must equal to be left out of a past row; undefined where it never is. */
  private readonly spared: readonly ('_from' | '_from_effective' | 'next' | undefined)[];
  /** Made when the first event is late: until tables are sealed, their past rows have no index. */
  private late: { readonly find: Statement<readonly SqlValue[]>; readonly end: Statement } | undefined;

  constructor(
    private readonly db: Database,
    private readonly layout: Layout,
  ) {
    const { columns, moving, moved, past } = layout;
    if (moved !== past) this.moving = moving.map((column) => columns.indexOf(column));
    this.spared = columns.map(({ name }) => layout.spared.get(name));
    this.rows = new Inserts(db, quote(moved), (this.moving ? moving.length + 1 : columns.length) + 5);
  }

  /** Keeps a row that gave way. `flush` writes it at the latest. */
  keep(rowid: number, { row, next, from, fromEffective, to, kept }: Past<SqlValue>): void {
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
    rows.value(kept);
    rows.value(null);
    rows.end();
  }

  /**
   * The past rows of a key that still hold, and end after an effective time: their columns, `_from_effective`,
   * `_to_effective`, and what ends them. Everything must have been written before.
   */
  lasting(rowid: number, key: readonly SqlValue[], after: number): readonly (readonly SqlValue[])[] {
    const owner = this.moving ? [rowid] : key;
    return this.lateStatements().find.all(...owner, after);
  }

  /** The past row no longer holds from this position on. */
  end(past: SqlValue, position: number): void {
    this.lateStatements().end.run(position, past);
  }

  private lateStatements() {
    if (this.late) return this.late;
    const { db, layout } = this;
    const { columns, key, past, moved } = layout;
    db.exec(pastKeyDdl(layout));
    const owner = this.moving
      ? '_row = ?'
      : key.map(({ name, nullable }) => `${quote(name)} ${nullable ? 'IS' : '='} ?`).join(' AND ');
    const handle = this.moving ? PAST_ROW : 'rowid';
    this.late = {
      find: db.prepareArrays(
        `SELECT ${list(columns)}, _from_effective, _to_effective, ${handle} FROM ${quote(past)} ` +
          `WHERE ${owner} AND _until IS NULL AND _to_effective > ? AND _to_effective > _from_effective ` +
          'ORDER BY _from_effective',
      ),
      end: db.prepare(`UPDATE ${quote(moved)} SET _until = ? WHERE rowid = ?`),
    };
    return this.late;
  }

  flush(): void {
    this.rows.flush();
  }
}
