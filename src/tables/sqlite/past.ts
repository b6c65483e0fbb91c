import type { Database, SqlValue } from '../../store/sqlite/driver';
import type { Past } from '../tablefold';
import { Inserts } from './inserts';
import { type Layout, list, PAST_ROW, pastKeyDdl, quote } from './schema';

/**
 * A row that many streams change has a long past, and late events are usual there: each would look through all of it. So
 * every so many late events it is looked whether a key has many past rows, and then an index leads to those that last.
 */
const CROWD = { lookEvery: 32, many: 256 } as const;

/** Until when a row holds at all is told when it ends. */
const TIMES = ['_from', '_from_effective', '_to', '_to_effective'];

/** Writes what rows were. Where some columns are fixed, a past row holds the others and the number of its live row. */
export class PastRows {
  /** Rows with every column, and rows of which what `spared` names is left out. */
  private readonly rows: Inserts;
  private readonly spare: Inserts;
  /** Past rows hold only some columns. */
  private readonly isReduced: boolean;
  /** Where the columns that every past row holds stand in a row. */
  private readonly held: readonly number[];
  /** Where those stand that are left out where they equal something, and what. */
  private readonly sparing: readonly { readonly at: number; readonly where: '_from' | '_from_effective' | 'next' }[];
  /** Made when the first event is late: until tables are sealed, their past rows have no index. */
  private late: ReturnType<PastRows['makeStatements']> | undefined;
  private found = 0;

  constructor(
    private readonly db: Database,
    private readonly layout: Layout,
  ) {
    const { columns, moving, moved, past, spared } = layout;
    this.isReduced = moved !== past;
    const held = moving.filter(({ name }) => !spared.has(name));
    this.held = held.map((column) => columns.indexOf(column));
    this.sparing = moving.flatMap((column) => {
      const where = spared.get(column.name);
      return where === undefined ? [] : [{ at: columns.indexOf(column), where }];
    });
    const row = this.isReduced ? ['_row'] : [];
    const names = [...row, ...TIMES, ...held.map(({ name }) => quote(name))];
    const all = [...names, ...this.sparing.map(({ at }) => quote(columns[at]!.name))];
    const into = (these: readonly string[]) => new Inserts(db, `${quote(moved)} (${these.join(', ')})`, these.length);
    this.spare = into(names);
    this.rows = this.sparing.length === 0 ? this.spare : into(all);
  }

  /** Keeps a row that gave way. `flush` writes it at the latest. */
  keep(rowid: number, { row, next, from, fromEffective, to, kept }: Past<SqlValue>): void {
    const isSpared = ({ at, where }: PastRows['sparing'][number]) =>
      row[at] === (where === 'next' ? next?.[at] : where === '_from' ? from : fromEffective);
    const isSpare = this.sparing.every(isSpared);
    const rows = isSpare ? this.spare : this.rows;
    if (this.isReduced) rows.value(rowid);
    rows.value(from);
    rows.value(fromEffective);
    rows.value(to);
    rows.value(kept);
    for (const at of this.held) rows.value(row[at]!);
    if (!isSpare) for (const each of this.sparing) rows.value(isSpared(each) ? null : row[each.at]!);
    rows.end();
  }

  /**
   * The past rows of a key that still hold, and end after an effective time: their columns, `_from_effective`,
   * `_to_effective`, and what ends them. Everything must have been written before.
   */
  lasting(rowid: number, key: readonly SqlValue[], after: number): readonly (readonly SqlValue[])[] {
    const owner = this.isReduced ? [rowid] : key;
    this.late ??= this.makeStatements();
    const { find, crowd } = this.late;
    this.found += 1;
    const isTurn = this.found % CROWD.lookEvery === 0;
    if (isTurn && crowd.get(...owner)![0] > CROWD.many) this.db.exec(lastingDdl(this.layout));
    return find.all(...owner, after);
  }

  /** The past row no longer holds from this position on. */
  end(past: SqlValue, position: number): void {
    this.late ??= this.makeStatements();
    this.late.end.run(position, past);
  }

  private makeStatements() {
    const { db, layout } = this;
    const { columns, key, past, moved } = layout;
    db.exec(pastKeyDdl(layout));
    const owner = this.isReduced
      ? '_row = ?'
      : key.map(({ name, nullable }) => `${quote(name)} ${nullable ? 'IS' : '='} ?`).join(' AND ');
    const handle = this.isReduced ? PAST_ROW : 'rowid';
    return {
      crowd: db.prepareArrays<readonly [number]>(
        `SELECT count(*) FROM (SELECT 1 FROM ${quote(past)} WHERE ${owner} LIMIT ${CROWD.many + 1})`,
      ),
      find: db.prepareArrays(
        `SELECT ${list(columns)}, _from_effective, _to_effective, ${handle} FROM ${quote(past)} ` +
          `WHERE ${owner} AND _until IS NULL AND _to_effective > ? AND _to_effective > _from_effective ` +
          'ORDER BY _from_effective',
      ),
      end: db.prepare(`UPDATE ${quote(moved)} SET _until = ? WHERE rowid = ?`),
    };
  }

  flush(): void {
    this.spare.flush();
    this.rows.flush();
  }
}

/** What leads to the past rows of a key that still hold over a stretch of time, where a key has many. */
function lastingDdl({ moved, past, key }: Layout): string {
  const owner = moved === past ? list(key) : '_row';
  const index = quote(`${past}_lasting`);
  return `CREATE INDEX IF NOT EXISTS ${index} ON ${quote(moved)} (${owner}, _to_effective) WHERE _until IS NULL`;
}
