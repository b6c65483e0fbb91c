import type { Projection, Table } from '../projection';
import { type Column, columnsOf, sqlType } from './values';

/** Raised when the runtime itself lays tables out differently: every projection is then rebuilt. */
const LAYOUT = 1;

/** A declared index with a `list` column: one row per word, in the order of the other columns. */
export interface Side {
  readonly name: string;
  readonly list: string;
  /** The declared columns in order, the list among them. */
  readonly columns: readonly string[];
}

/** The tables of SQLite behind one table of a projection, in one generation. */
export interface Layout {
  readonly name: string;
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly key: readonly Column[];
  /** `number`: the key is the rowid. `id`: a rowid beside the key, for search and lists. `key`: WITHOUT ROWID. */
  readonly identity: 'number' | 'id' | 'key';
  /** The column that names a row inside this file. */
  readonly rowid: string;
  readonly live: string;
  readonly past: string;
  /** Keys that are deleted, with the effective time reached: their history goes on if they come back. */
  readonly gone: string;
  readonly search: string;
  /** Texts a key held in the past, and the word index over them. */
  readonly texts: string;
  readonly pastSearch: string;
  readonly sides: readonly Side[];
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function list(columns: readonly { readonly name: string }[]): string {
  return columns.map((column) => quote(column.name)).join(', ');
}

export function layoutOf(projection: string, name: string, table: Table, generation: number): Layout {
  const columns = columnsOf(table);
  const find = (wanted: string): Column => {
    const column = columns.find((candidate) => candidate.name === wanted);
    if (!column) throw new Error(`table ${projection}.${name} has no column ${wanted}`);
    return column;
  };
  const key = table.key.map(find);
  if (key.length === 0) throw new Error(`table ${projection}.${name} has no key`);
  const physical = (role: string) => `${projection}_${name}${role}__${generation}`;
  const sides = (table.indexes ?? []).flatMap((index, ordinal): Side[] => {
    const lists = index.columns.filter((column) => find(column).kind === 'list');
    if (lists.length > 1) throw new Error(`an index of ${projection}.${name} names two list columns`);
    if (lists[0] !== undefined && index.columns.some((column) => find(column).nullable)) {
      throw new Error(`an index of ${projection}.${name} with a list column names a column that may be null`);
    }
    return lists[0] === undefined
      ? []
      : [{ name: physical(`_list${ordinal}`), list: lists[0], columns: index.columns }];
  });
  const identity = identityOf(table, key, sides);
  return {
    name,
    table,
    columns,
    key,
    identity,
    rowid: identity === 'number' ? key[0]!.name : '_id',
    live: physical(''),
    past: physical('_past'),
    gone: physical('_gone'),
    search: physical('_search'),
    texts: physical('_texts'),
    pastSearch: physical('_textsearch'),
    sides,
  };
}

function identityOf(table: Table, key: readonly Column[], sides: readonly Side[]): Layout['identity'] {
  const [only] = key;
  if (key.length === 1 && !only!.nullable && (only!.kind === 'position' || only!.kind === 'integer')) return 'number';
  return table.search !== undefined || sides.length > 0 || key.some((column) => column.nullable) ? 'id' : 'key';
}

export function layoutsOf(projection: Projection, generation: number): ReadonlyMap<string, Layout> {
  return new Map(
    Object.entries(projection.tables).map(([name, table]) => [
      name,
      layoutOf(projection.name, name, table, generation),
    ]),
  );
}

/** What a reader must know of the tables to read them: equal shapes read each other's tables. */
export function shapeOf(projection: Projection): string {
  const tables = Object.entries(projection.tables).map(([name, { columns, key, temporal, indexes, search }]) => [
    name,
    Object.entries(columns),
    key,
    temporal ?? false,
    indexes ?? [],
    search ?? null,
  ]);
  return JSON.stringify([LAYOUT, tables]);
}

const FTS = `tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3', content = '', contentless_delete = 1`;

/** The tables that every fold needs. What only readers need comes in `sealing`. */
export function tablesDdl(layout: Layout): readonly string[] {
  const { table, columns, key, identity } = layout;
  const own = columns.map((column) => `${quote(column.name)} ${sqlType(column)}`);
  const times = table.temporal ? ['_from INTEGER NOT NULL', '_fromEffective INTEGER NOT NULL'] : [];
  const keyColumns = list(key);
  const ddl: string[] = [];
  if (identity === 'key') {
    ddl.push(
      `CREATE TABLE ${quote(layout.live)} (${[...own, ...times].join(', ')}, PRIMARY KEY (${keyColumns})) WITHOUT ROWID`,
    );
  } else if (identity === 'number') {
    const parts = columns.map((column) =>
      column.name === layout.rowid
        ? `${quote(column.name)} INTEGER PRIMARY KEY`
        : `${quote(column.name)} ${sqlType(column)}`,
    );
    ddl.push(`CREATE TABLE ${quote(layout.live)} (${[...parts, ...times].join(', ')})`);
  } else {
    ddl.push(`CREATE TABLE ${quote(layout.live)} (${['_id INTEGER PRIMARY KEY', ...own, ...times].join(', ')})`);
    ddl.push(`CREATE UNIQUE INDEX ${quote(`${layout.live}_key`)} ON ${quote(layout.live)} (${keyColumns})`);
  }
  if (table.temporal) {
    ddl.push(
      `CREATE TABLE ${quote(layout.past)} (${own.join(', ')}, _from INTEGER NOT NULL, _fromEffective INTEGER NOT NULL, ` +
        '_to INTEGER NOT NULL, _toEffective INTEGER NOT NULL)',
      `CREATE TABLE ${quote(layout.gone)} (${key.map((column) => `${quote(column.name)} ${sqlType(column)}`).join(', ')}, ` +
        `_effective INTEGER NOT NULL, UNIQUE (${keyColumns}))`,
    );
  }
  return ddl;
}

/** Indexes, word search and list indexes, filled from the rows that are there: cheapest after a bulk load. */
export function sealingDdl(layout: Layout): readonly string[] {
  const { table, live, past, key } = layout;
  const ddl = plainIndexes(layout, live, () => true, '_by');
  if (table.temporal) {
    ddl.push(`CREATE INDEX ${quote(`${past}_key`)} ON ${quote(past)} (${list(key)}, _from)`);
    ddl.push(...plainIndexes(layout, past, (index) => index.past === true, '_by'));
  }
  for (const side of layout.sides) ddl.push(...sideDdl(layout, side));
  if (table.search !== undefined) ddl.push(...searchDdl(layout, quote(table.search)));
  return ddl;
}

type Index = NonNullable<Table['indexes']>[number];

function plainIndexes(layout: Layout, on: string, wanted: (index: Index) => boolean, role: string): string[] {
  const lists = new Set(layout.columns.filter((column) => column.kind === 'list').map((column) => column.name));
  return (layout.table.indexes ?? []).flatMap((index, ordinal) => {
    if (!wanted(index)) return [];
    let columns = index.columns.filter((column) => !lists.has(column));
    if (columns.length < index.columns.length && on === layout.live) return [];
    // The rowid stands at the end of every index anyway.
    if (on === layout.live && layout.identity === 'number' && columns.at(-1) === layout.rowid)
      columns = columns.slice(0, -1);
    if (columns.length === 0) return [];
    return [`CREATE INDEX ${quote(`${on}${role}${ordinal}`)} ON ${quote(on)} (${columns.map(quote).join(', ')})`];
  });
}

function sideDdl(layout: Layout, side: Side): readonly string[] {
  const typed = (name: string) => layout.columns.find((column) => column.name === name)!;
  const columns = side.columns.map((name) =>
    name === side.list ? '_word INTEGER NOT NULL' : `${quote(name)} ${sqlType(typed(name))}`,
  );
  const names = side.columns.map((name) => (name === side.list ? '_word' : quote(name)));
  const values = side.columns.map((name) => (name === side.list ? 'w.value' : `t.${quote(name)}`));
  return [
    `CREATE TABLE ${quote(side.name)} (${columns.join(', ')}, _row INTEGER NOT NULL, PRIMARY KEY (${names.join(', ')}, _row)) WITHOUT ROWID`,
    `INSERT INTO ${quote(side.name)} SELECT DISTINCT ${values.join(', ')}, t.${quote(layout.rowid)} ` +
      `FROM ${quote(layout.live)} t, json_each(t.${quote(side.list)}) w ORDER BY ${side.columns.map((_, i) => i + 1).join(', ')}`,
  ];
}

function searchDdl(layout: Layout, text: string): string[] {
  const ddl = [
    `CREATE VIRTUAL TABLE ${quote(layout.search)} USING fts5(text, ${FTS})`,
    `INSERT INTO ${quote(layout.search)} (rowid, text) SELECT ${quote(layout.rowid)}, ${text} FROM ${quote(layout.live)} WHERE ${text} IS NOT NULL`,
  ];
  if (!layout.table.temporal) return ddl;
  const key = list(layout.key);
  const own = layout.key.map((column) => `${quote(column.name)} ${sqlType(column)}`).join(', ');
  return [
    ...ddl,
    `CREATE TABLE ${quote(layout.texts)} (_id INTEGER PRIMARY KEY, ${own}, _text TEXT NOT NULL, UNIQUE (${key}, _text))`,
    `CREATE VIRTUAL TABLE ${quote(layout.pastSearch)} USING fts5(text, ${FTS})`,
    // Only texts that the live row no longer holds: the others are found through it.
    `INSERT INTO ${quote(layout.texts)} (${key}, _text) SELECT DISTINCT ${key}, ${text} FROM ${quote(layout.past)} p WHERE ${text} IS NOT NULL ` +
      `AND NOT EXISTS (SELECT 1 FROM ${quote(layout.live)} l WHERE ${layout.key.map((c) => `l.${quote(c.name)} IS p.${quote(c.name)}`).join(' AND ')} AND l.${text} IS p.${text})`,
    `INSERT INTO ${quote(layout.pastSearch)} (rowid, text) SELECT _id, _text FROM ${quote(layout.texts)}`,
  ];
}
