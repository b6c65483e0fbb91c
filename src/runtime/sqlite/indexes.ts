import type { Database, SqlValue, Statement } from '../../sqlite';
import { type Layout, list, quote, type Side } from './schema';
import { listIds } from './values';

interface SideWriter {
  readonly list: number;
  /** Columns of the row in the order of the side table; -1 stands for the word. */
  readonly columns: readonly number[];
  readonly insert: Statement;
  readonly remove: Statement;
}

interface SearchWriter {
  readonly column: number;
  readonly insert: Statement;
  readonly remove: Statement;
  readonly past: { readonly insert: Statement; readonly index: Statement } | undefined;
}

/** List indexes and word search follow the live rows; a change that does not concern them costs nothing. */
export class ReaderIndexes {
  private constructor(
    private readonly sides: readonly SideWriter[],
    private readonly search: SearchWriter | undefined,
    private readonly key: readonly number[],
  ) {}

  static of(db: Database, layout: Layout): ReaderIndexes | undefined {
    if (layout.sides.length === 0 && layout.table.search === undefined) return undefined;
    return new ReaderIndexes(
      layout.sides.map((side) => sideWriter(db, layout, side)),
      layout.table.search === undefined ? undefined : searchWriter(db, layout, layout.table.search),
      layout.key.map((column) => layout.columns.indexOf(column)),
    );
  }

  /** The live row changed from one stored form to another; undefined where there was or is none. */
  change(rowid: number, before: SqlValue[] | undefined, after: SqlValue[] | undefined): void {
    for (const side of this.sides) changeSide(side, rowid, before, after);
    if (!this.search) return;
    const { column, insert, remove } = this.search;
    const old = before?.[column] ?? null;
    const text = after?.[column] ?? null;
    if (old === text) return;
    if (old !== null) remove.run(rowid);
    if (text !== null) insert.run(rowid, text);
  }

  /** A row became past: the text it held stays findable for questions about that time. */
  keepText(past: SqlValue[], next: SqlValue[] | undefined): void {
    if (!this.search?.past) return;
    const text = past[this.search.column] ?? null;
    if (text === null || next?.[this.search.column] === text) return;
    const written = this.search.past.insert.run(...this.key.map((at) => past[at]!), text);
    if (Number(written.changes) === 1) this.search.past.index.run(written.lastInsertRowid, text);
  }
}

function changeSide(
  side: SideWriter,
  rowid: number,
  before: SqlValue[] | undefined,
  after: SqlValue[] | undefined,
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

function sideRow(side: SideWriter, row: SqlValue[], word: number): SqlValue[] {
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

function searchWriter(db: Database, layout: Layout, search: string): SearchWriter {
  const live = quote(layout.search);
  const past = layout.table.temporal && {
    insert: db.prepare(
      `INSERT OR IGNORE INTO ${quote(layout.texts)} (${list(layout.key)}, _text) VALUES (${Array(layout.key.length + 1).fill('?')})`,
    ),
    index: db.prepare(`INSERT INTO ${quote(layout.pastSearch)} (rowid, text) VALUES (?, ?)`),
  };
  return {
    column: layout.columns.findIndex((column) => column.name === search),
    insert: db.prepare(`INSERT INTO ${live} (rowid, text) VALUES (?, ?)`),
    remove: db.prepare(`DELETE FROM ${live} WHERE rowid = ?`),
    past: past || undefined,
  };
}
