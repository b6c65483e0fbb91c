import { type Column, columnsOf, declared } from '../columns';
import { liveTimes, PAST_TIMES } from '../held';
import type { Projection, Table } from '../projection';
import { sqlType } from './values';

/** Raised when the engine itself lays tables out differently: every projection is then rebuilt. */
const LAYOUT = 4;

/** A declared index with a `list` column: one row per word, in the order of the other columns. */
export interface Side {
  readonly name: string;
  readonly list: Column;
  /** The declared columns in order, the list among them. */
  readonly columns: readonly Column[];
}

/** Every word of every live text, in the order in which the rows came into being. */
export interface Walk {
  /** A row for every word of every live text: the word, the column of birth, the key, and all words of the text. */
  readonly words: string;
  /** Every word there ever was, once. */
  readonly terms: string;
  /** Says when a row came into being. No event changes it. */
  readonly born: Column;
}

/** The tables of PostgreSQL behind one table of a projection, in one generation. Names are quoted and full. */
export interface Layout {
  readonly name: string;
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly key: readonly Column[];
  /** Columns that no event changes; empty where nothing was promised. */
  readonly fixed: readonly Column[];
  /** Of a ledger: where the time of its row's event stands among the columns. */
  readonly occurredAt: number;
  readonly live: string;
  readonly past: string;
  /** The index that finds past rows by key, in the schema of its table. */
  readonly pastKey: string;
  /** Keys that have no row, with the effective time since when they have none. */
  readonly gone: string;
  /** Every text a key holds, or held, with its words. */
  readonly texts: string;
  readonly search: Column | undefined;
  /** Undefined where nothing says in which order rows came into being. */
  readonly walk: Walk | undefined;
  readonly sides: readonly Side[];
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function list(columns: readonly Column[], alias?: string): string {
  const prefix = alias === undefined ? '' : `${alias}.`;
  return columns.map((column) => prefix + quote(column.name)).join(', ');
}

export function layoutsOf(schema: string, projection: Projection, generation: number): ReadonlyMap<string, Layout> {
  return new Map(
    Object.entries(projection.tables).map(([name, table]) => [
      name,
      layoutOf(schema, projection.name, name, table, generation),
    ]),
  );
}

function layoutOf(schema: string, projection: string, name: string, table: Table, generation: number): Layout {
  const columns = columnsOf(table);
  const find = (wanted: string): Column => {
    const column = columns.find((candidate) => candidate.name === wanted);
    if (!column) throw new Error(`table ${projection}.${name} has no column ${wanted}`);
    return column;
  };
  const key = table.key.map(find);
  if (key.length === 0) throw new Error(`table ${projection}.${name} has no key`);
  if (table.fixed && !table.temporal)
    throw new Error(`table ${projection}.${name} has fixed columns but keeps no past`);
  const physical = (role: string) => `${quote(schema)}.${quote(`${projection}_${name}${role}__${generation}`)}`;
  const sides = (table.indexes ?? []).flatMap((index, ordinal): Side[] => {
    const own = index.columns.map(find);
    const lists = own.filter(({ kind }) => kind === 'list');
    if (lists.length > 1) throw new Error(`an index of ${projection}.${name} names two list columns`);
    if (lists[0] !== undefined && own.some(({ nullable }) => nullable)) {
      throw new Error(`an index of ${projection}.${name} with a list column names a column that may be null`);
    }
    return lists[0] === undefined ? [] : [{ name: physical(`_list${ordinal}`), list: lists[0], columns: own }];
  });
  const fixed = table.fixed ? [...new Set([...key, ...table.fixed.map(find)])] : [];
  const born = table.search && fixed.find(({ kind, nullable }) => kind === 'position' && !nullable);
  return {
    name,
    table,
    columns,
    key,
    fixed,
    occurredAt: columns.findIndex((column) => column.name === 'occurredAt'),
    live: physical(''),
    past: physical('_past'),
    pastKey: quote(`${projection}_${name}_past_key__${generation}`),
    gone: physical('_gone'),
    texts: physical('_texts'),
    search: table.search === undefined ? undefined : find(table.search),
    walk: born ? { words: physical('_words'), terms: physical('_terms'), born } : undefined,
    sides,
  };
}

/** What a reader must know of the tables to read them: equal shapes read each other's tables. */
export function shapeOf(projection: Projection): string {
  return JSON.stringify(['postgres', LAYOUT, declared(projection)]);
}

/** The tables that every fold needs. What only readers need comes in `sealing`. */
export function tablesDdl(layout: Layout): readonly string[] {
  const { table, columns, key, live, past, gone } = layout;
  const identity = unique(key);
  const times = liveTimes(table).map((time) => timeType(time, table.temporal === true));
  // Rows are changed often: room on their page lets a new form stay beside the old one.
  return [
    `CREATE TABLE ${live} (${[...columns.map(typed), ...times, identity].join(', ')}) WITH (fillfactor = 85)`,
    `CREATE TABLE ${past} (${[...columns.map(typed), ...PAST_TIMES.map((time) => timeType(time, time.name !== '_until'))].join(', ')})`,
    `CREATE TABLE ${gone} (${[...key.map(typed), '_effective bigint NOT NULL', identity].join(', ')})`,
  ];
}

function timeType({ name, kind }: Column, always: boolean): string {
  return `${name} ${kind === 'position' ? 'text COLLATE "C"' : 'bigint'}${always ? ' NOT NULL' : ''}`;
}

/** What finds the past rows of a key. The name is its own, since it may have to be made before the others. */
export function pastKeyDdl({ past, key, pastKey }: Layout): string {
  return `CREATE INDEX IF NOT EXISTS ${pastKey} ON ${past} (${[...key.map(sorted), '_from'].join(', ')})`;
}

function unique(key: readonly Column[]): string {
  return key.some(({ nullable }) => nullable)
    ? `UNIQUE NULLS NOT DISTINCT (${list(key)})`
    : `PRIMARY KEY (${list(key)})`;
}

export function typed(column: Column): string {
  return `${quote(column.name)} ${sqlType(column)}`;
}

/** Tables for lists and words. Filled before their indexes are made, which is cheapest after a bulk load. */
export function readersDdl(layout: Layout): readonly string[] {
  const ddl = layout.sides.map((side) => {
    const columns = side.columns.map((each) => (each === side.list ? '_word text COLLATE "C" NOT NULL' : typed(each)));
    const own = layout.key.filter((column) => !side.columns.includes(column));
    return `CREATE TABLE ${side.name} (${[...columns, ...own.map(typed)].join(', ')})`;
  });
  if (layout.search === undefined) return ddl;
  const columns = [...layout.key.map(typed), '_text text COLLATE "C" NOT NULL', '_words tsvector NOT NULL'];
  return [...ddl, `CREATE TABLE ${layout.texts} (${[...columns, '_live boolean NOT NULL'].join(', ')})`];
}

/** The columns of a side table in order: those that were declared, the word in place of the list, and the key. */
export function sideColumns(layout: Layout, side: Side): readonly Column[] {
  return [...side.columns, ...layout.key.filter((column) => !side.columns.includes(column))];
}

export function sideNames(layout: Layout, side: Side): readonly string[] {
  return sideColumns(layout, side).map((column) => (column === side.list ? '_word' : quote(column.name)));
}

export function fillSides(layout: Layout): readonly string[] {
  return layout.sides.map((side) => {
    const values = sideColumns(layout, side).map((each) => (each === side.list ? 'w.word' : `t.${quote(each.name)}`));
    return (
      `INSERT INTO ${side.name} SELECT DISTINCT ${values.join(', ')} ` +
      `FROM ${layout.live} t CROSS JOIN LATERAL unnest(t.${quote(side.list.name)}) AS w(word)`
    );
  });
}

/** Indexes of everything readers ask, and what the planner should know of the rows. */
export function indexesDdl(layout: Layout): readonly string[] {
  const { live, past, texts, key } = layout;
  const ddl = plainIndexes(layout, live, () => true);
  ddl.push(pastKeyDdl(layout), ...plainIndexes(layout, past, (index) => index.past === true));
  for (const side of layout.sides) {
    ddl.push(`CREATE UNIQUE INDEX ON ${side.name} (${sideNames(layout, side).join(', ')})`);
  }
  if (layout.search !== undefined) {
    ddl.push(`CREATE UNIQUE INDEX ON ${texts} (${list(key)}, md5(_text)) NULLS NOT DISTINCT`);
    ddl.push(`CREATE INDEX ON ${texts} USING gin (_words) WITH (fastupdate = off)`);
  }
  const tables = [live, ...layout.sides.map(({ name }) => name)];
  if (layout.search !== undefined) tables.push(texts);
  tables.push(`${past} (${pastAsked(layout).join(', ')})`);
  return [...ddl, ...tables.map((name) => `ANALYZE ${name}`)];
}

/** What past rows are found by; of their other columns nothing needs to be known. */
function pastAsked({ key, table }: Layout): readonly string[] {
  const indexed = (table.indexes ?? []).flatMap(({ columns, past }) => (past === true ? columns : []));
  const names = new Set([...key.map(({ name }) => name), ...indexed]);
  return [...[...names].map(quote), ...PAST_TIMES.map(({ name }) => name)];
}

type Index = NonNullable<Table['indexes']>[number];

function plainIndexes(layout: Layout, on: string, wanted: (index: Index) => boolean): string[] {
  return (layout.table.indexes ?? []).flatMap((index) => {
    const columns = index.columns.map((name) => layout.columns.find((column) => column.name === name)!);
    if (!wanted(index) || columns.some(({ kind }) => kind === 'list')) return [];
    // The key settles ties, so that a page is read in order from the index alone.
    const ties = layout.key.filter((column) => !columns.includes(column));
    return [`CREATE INDEX ON ${on} (${[...columns, ...ties].map(sorted).join(', ')})`];
  });
}

/** A column in an index, in the order answers come in: nothing stands before everything. */
function sorted(column: Column): string {
  return `${quote(column.name)}${column.nullable ? ' NULLS FIRST' : ''}`;
}
