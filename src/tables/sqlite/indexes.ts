import type { Database, SqlValue, Statement } from '../../store/sqlite/driver';
import { type Layout, quote, type Side } from './schema';
import { SearchWriter } from './search';
import { listIds } from './values';

interface SideWriter {
  readonly list: number;
  /** Columns of the row in the order of the side table; -1 stands for the word. */
  readonly columns: readonly number[];
  readonly insert: Statement;
  readonly remove: Statement;
}

/** List indexes and word search follow the live rows; a change that does not concern them costs nothing. */
export class ReaderIndexes {
  private constructor(
    private readonly sides: readonly SideWriter[],
    private readonly search: SearchWriter | undefined,
  ) {}

  static of(db: Database, layout: Layout): ReaderIndexes | undefined {
    if (layout.sides.length === 0 && layout.table.search === undefined) return undefined;
    return new ReaderIndexes(
      layout.sides.map((side) => sideWriter(db, layout, side)),
      layout.table.search === undefined ? undefined : new SearchWriter(db, layout),
    );
  }

  /** The live row changed from one stored form to another; undefined where there was or is none. */
  change(rowid: number, before: readonly SqlValue[] | undefined, after: readonly SqlValue[] | undefined): void {
    for (const side of this.sides) changeSide(side, rowid, before, after);
    this.search?.change(rowid, before, after);
  }

  /** A row became past: the text it held stays findable for questions about that time. */
  keepText(past: readonly SqlValue[], next: readonly SqlValue[] | undefined): void {
    this.search?.keepText(past, next);
  }
}

function changeSide(
  side: SideWriter,
  rowid: number,
  before: readonly SqlValue[] | undefined,
  after: readonly SqlValue[] | undefined,
): void {
  const order = side.columns.filter((at) => at >= 0);
  const same = before && after && order.every((at) => before[at] === after[at]);
  if (same && before[side.list] === after[side.list]) return;
  const old = new Set(before && listIds(before[side.list]));
  const now = new Set(after && listIds(after[side.list]));
  for (const word of old) {
    if (!same || !now.has(word)) side.remove.run(...sideRow(side, before!, word), rowid);
  }
  for (const word of now) {
    if (!same || !old.has(word)) side.insert.run(...sideRow(side, after!, word), rowid);
  }
}

function sideRow(side: SideWriter, row: readonly SqlValue[], word: number): SqlValue[] {
  return side.columns.map((at) => (at < 0 ? word : row[at]!));
}

function sideWriter(db: Database, layout: Layout, side: Side): SideWriter {
  const at = (name: string) => layout.columns.findIndex((column) => column.name === name);
  const names = side.columns.map((name) => (name === side.list ? '_word' : quote(name)));
  const marks = Array(names.length + 1).fill('?');
  return {
    list: at(side.list),
    columns: side.columns.map((name) => (name === side.list ? -1 : at(name))),
    insert: db.prepare(`INSERT INTO ${quote(side.name)} VALUES (${marks.join(', ')})`),
    remove: db.prepare(
      `DELETE FROM ${quote(side.name)} WHERE ${[...names, '_row'].map((name) => `${name} = ?`).join(' AND ')}`,
    ),
  };
}
