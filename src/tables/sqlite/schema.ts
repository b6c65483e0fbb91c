import { type Column, columnsOf, declared } from '../columns';
import { liveTimes, PAST_TIMES } from '../held';
import type { Projection, Table } from '../projection';
import { type Spared, sparedOf } from './spared';
import { isTailed, tailOf } from './tails';
import { sqlType } from './values';

/** Raised when the runtime itself lays tables out differently: every projection is then rebuilt. */
const LAYOUT = 8;

/** The function that connections to a tables file have: see `sortKey` of the domain. */
export const SORT_KEY = 'sort_key';

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
  /** The rows of a table without rowids while it is being filled: as they come, and numbered. */
  readonly heap: string;
  readonly past: string;
  /** The columns that past rows hold, and where: `past` is then a view that adds the others from the live row. */
  readonly moving: readonly Column[];
  readonly moved: string;
  /** Columns that the view makes anew: sort keys. */
  readonly made: ReadonlySet<string>;
  readonly spared: Spared;
  /** Keys that have no row, with the effective time since when they have none. */
  readonly gone: string;
  readonly search: string;
  /** Every word of a text in either word index. */
  readonly terms: string;
  /** Texts a key held in the past, and the word index over them. */
  readonly texts: string;
  readonly pastSearch: string;
  readonly sides: readonly Side[];
}

/** What a past row is found by, so that it can be ended. */
export const PAST_ROW = '_past';

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
  const fixed = table.fixed && new Set([...key, ...table.fixed.map(find)]);
  // Where past rows are a view, a sort key is made anew there.
  const made = new Set(fixed ? Object.keys(table.sortKeys ?? {}) : []);
  if (fixed && !table.temporal) throw new Error(`table ${projection}.${name} has fixed columns but keeps no past`);
  return {
    name,
    table,
    columns,
    key,
    identity,
    rowid: identity === 'number' ? key[0]!.name : '_id',
    live: physical(''),
    heap: physical('_heap'),
    past: physical('_past'),
    moving: columns.filter((column) => !fixed?.has(column) && !made.has(column.name)),
    made,
    spared: fixed ? sparedOf(table, columns) : new Map(),
    moved: physical(fixed ? '_moved' : '_past'),
    gone: physical('_gone'),
    search: physical('_search'),
    terms: physical('_terms'),
    texts: physical('_texts'),
    pastSearch: physical('_textsearch'),
    sides,
  };
}

function identityOf(table: Table, key: readonly Column[], sides: readonly Side[]): Layout['identity'] {
  const [only] = key;
  if (key.length === 1 && !only!.nullable && (only!.kind === 'position' || only!.kind === 'integer')) return 'number';
  if (table.fixed !== undefined) return 'id';
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
  const known = shapes.get(projection);
  if (known !== undefined) return known;
  const shape = JSON.stringify([LAYOUT, declared(projection)]);
  shapes.set(projection, shape);
  return shape;
}

/** A projection never changes, and every wait for a position asks for the shapes of all. */
const shapes = new WeakMap<Projection, string>();

/**
 * A table while it is filled from nothing: rows are put at its end, and nobody keeps their keys in order. Most keys are
 * ids that come in no order, so each row would otherwise touch a page of its own, in every transaction anew.
 */
export function filling(layout: Layout): Layout {
  return layout.identity === 'key' ? { ...layout, identity: 'id', live: layout.heap } : layout;
}

/** The tables that can be filled from nothing, and only that, before `keysDdl` gives them their keys. */
export function fillingDdl(layout: Layout): readonly string[] {
  const { table, columns, key } = layout;
  const { identity, live, rowid } = filling(layout);
  const isNumber = identity === 'number';
  const parts = columns.map((column) =>
    isNumber && column.name === rowid ? `${quote(column.name)} INTEGER PRIMARY KEY` : typed(column),
  );
  const numbered = isNumber ? parts : ['_id INTEGER PRIMARY KEY', ...parts];
  const goneKey = key.some((column) => column.nullable) ? 'UNIQUE' : 'PRIMARY KEY';
  return [
    `CREATE TABLE ${quote(live)} (${[...numbered, ...timesOf(table)].join(', ')})`,
    ...pastDdl(layout),
    `CREATE TABLE ${quote(layout.gone)} (${key.map(typed).join(', ')}, _effective INTEGER NOT NULL, ` +
      `${goneKey} (${list(key)}))${goneKey === 'UNIQUE' ? '' : ' WITHOUT ROWID'}`,
  ];
}

/** Puts the rows of a filled table in the order of their keys. */
export function keysDdl(layout: Layout): readonly string[] {
  const { table, columns, key, identity } = layout;
  if (identity === 'number') return [];
  if (identity === 'id') return [keyIndexDdl(layout)];
  const times = timesOf(table);
  const parts = [...columns.map(typed), ...times, `PRIMARY KEY (${list(key)})`];
  const read = [list(columns), ...timeNames(table)].join(', ');
  return [
    `CREATE TABLE ${quote(layout.live)} (${parts.join(', ')}) WITHOUT ROWID`,
    `INSERT INTO ${quote(layout.live)} SELECT ${read} FROM ${quote(layout.heap)} ORDER BY ${list(key)}`,
    `DROP TABLE ${quote(layout.heap)}`,
  ];
}

/** The keys of the rows of a table that has row numbers beside them. */
export function keyIndexDdl(layout: Layout): string {
  return `CREATE UNIQUE INDEX IF NOT EXISTS ${quote(keyIndexOf(layout))} ON ${quote(layout.live)} (${list(layout.key)})`;
}

export function keyIndexOf({ live }: Layout): string {
  return `${live}_key`;
}

function pastDdl(layout: Layout): readonly string[] {
  const { columns, moving, moved, past, live } = layout;
  const times = PAST_TIMES.map(({ name }) => name);
  const reduced = moved !== past;
  const parts = [
    ...(reduced ? ['_row INTEGER NOT NULL'] : []),
    ...moving.map((column) => typed(layout.spared.has(column.name) ? { ...column, nullable: true } : column)),
    ...times.map((time) => `${time} INTEGER${time === '_until' ? '' : ' NOT NULL'}`),
  ];
  const ddl = [`CREATE TABLE ${quote(moved)} (${parts.join(', ')})`];
  if (!reduced) return ddl;
  const whole = columns.map((column) => pastExpression(layout, column));
  const read = [...whole, ...times.map((time) => `p.${time}`), 'p._row', `p.rowid AS ${PAST_ROW}`].join(', ');
  return [
    ...ddl,
    `CREATE VIEW ${quote(past)} AS SELECT ${read} FROM ${quote(moved)} p ` +
      `JOIN ${quote(live)} l ON l.${quote(layout.rowid)} = p._row`,
  ];
}

function pastExpression(layout: Layout, column: Column): string {
  const { table, made } = layout;
  const of = table.sortKeys?.[column.name];
  const value = made.has(column.name) ? `${SORT_KEY}(${pastValue(layout, of!)})` : pastValue(layout, column.name);
  return `${value} AS ${quote(column.name)}`;
}

/** The value of a column in the past row `p`, whose live row is `l`. */
function pastValue({ moving, moved, spared }: Layout, column: string): string {
  const name = quote(column);
  if (!moving.some((candidate) => candidate.name === column)) return `l.${name}`;
  const where = spared.get(column);
  if (where === undefined) return `p.${name}`;
  if (where !== 'next') return `coalesce(p.${name}, p.${where})`;
  const next =
    `SELECT n.${name} FROM ${quote(moved)} n ` +
    `WHERE n._row = p._row AND n._from > p._from AND n._to > n._from AND n.${name} IS NOT NULL ORDER BY n._from LIMIT 1`;
  return `coalesce(p.${name}, (${next}), l.${name})`;
}

export function typed(column: Column): string {
  return `${quote(column.name)} ${sqlType(column)}`;
}

function timesOf(table: Table): readonly string[] {
  return timeNames(table).map((time) => `${time} INTEGER${table.temporal ? ' NOT NULL' : ''}`);
}

/** The times kept beside the columns of a live row. */
export function timeNames(table: Table): readonly string[] {
  return liveTimes(table).map(({ name }) => name);
}

/** What finds the past rows of a key. */
export function pastKeyDdl({ moved, past, key }: Layout): string {
  const owner = moved === past ? list(key) : '_row';
  return `CREATE INDEX IF NOT EXISTS ${quote(`${past}_key`)} ON ${quote(moved)} (${owner}, _from)`;
}

/** Indexes and list indexes that only readers need, filled from the rows that are there: cheapest after a bulk load. */
export function sealingDdl(layout: Layout): readonly string[] {
  const { table, live, past, moved, moving } = layout;
  const ddl = [...plainIndexes(layout, live, () => true, '_by'), pastKeyDdl(layout)];
  if (table.temporal) {
    const held = new Set(moving.map((column) => column.name));
    for (const [name, where] of layout.spared) {
      if (where !== 'next') continue;
      const kept = `${quote(moved)} (_row, _from) WHERE ${quote(name)} IS NOT NULL`;
      ddl.push(`CREATE INDEX ${quote(`${past}_${name}`)} ON ${kept}`);
    }
    const wanted = (index: Index) => index.past === true && index.columns.every((name) => held.has(name));
    ddl.push(...plainIndexes(layout, moved, wanted, '_by'));
  }
  for (const side of layout.sides) ddl.push(...sideDdl(layout, side));
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
    // Hardly two rows have one position: SQLite brings the few that do into order as it walks the index.
    const [first, second] = columns.map((name) => layout.columns.find((column) => column.name === name)!);
    if (first?.kind === 'position' && columns.length === 2 && layout.key.includes(second!)) columns.pop();
    if (columns.length === 0) return [];
    const terms = columns.map((name, at) => (at === 0 && isTailed(layout, name) ? tailOf(quote(name)) : quote(name)));
    return [`CREATE INDEX ${quote(`${on}${role}${ordinal}`)} ON ${quote(on)} (${terms.join(', ')})`];
  });
}

function sideDdl(layout: Layout, side: Side): readonly string[] {
  const find = (name: string) => layout.columns.find((column) => column.name === name)!;
  const columns = side.columns.map((name) => (name === side.list ? '_word INTEGER NOT NULL' : typed(find(name))));
  const names = side.columns.map((name) => (name === side.list ? '_word' : quote(name)));
  const values = side.columns.map((name) => (name === side.list ? 'w.value' : `t.${quote(name)}`));
  return [
    `CREATE TABLE ${quote(side.name)} (${columns.join(', ')}, _row INTEGER NOT NULL, PRIMARY KEY (${names.join(', ')}, _row)) WITHOUT ROWID`,
    // A word that stands twice in a list is left out by its key: looking for such rows first takes as long as the rest.
    `INSERT OR IGNORE INTO ${quote(side.name)} SELECT ${values.join(', ')}, t.${quote(layout.rowid)} ` +
      `FROM ${quote(layout.live)} t, json_each(t.${quote(side.list)}) w ORDER BY ${side.columns.map((_, i) => i + 1).join(', ')}`,
  ];
}
