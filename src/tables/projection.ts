import type { EventType, Recorded } from '../domain/catalogue';

/**
 * What a column holds. The names are the stored meaning, not the SQL type: an engine packs them as tightly as it can
 * (a digest as 32 bytes, an id as 16, an instant and a position as an integer) and gives them back as written here.
 *
 * text       string
 * word       string from a small set (status, kind, tool, actor): stored once and referred to
 * integer    whole number up to 2^53
 * real       number
 * boolean    true or false
 * json       any JSON value
 * list       string[]; `{ has: word }` finds rows whose list holds a word
 * uuid       lower-case UUID string
 * digest     64 hex characters
 * instant    ISO 8601 UTC milliseconds
 * recordedAt the same, but the store's clock: left out of canonical hashes, since another store has another clock
 * position   place in the log
 */
export type ColumnKind =
  | 'text'
  | 'word'
  | 'integer'
  | 'real'
  | 'boolean'
  | 'json'
  | 'list'
  | 'uuid'
  | 'digest'
  | 'instant'
  | 'recordedAt'
  | 'position';

interface ValueOf {
  text: string;
  word: string;
  integer: number;
  real: number;
  boolean: boolean;
  json: unknown;
  list: readonly string[];
  uuid: string;
  digest: string;
  instant: string;
  recordedAt: string;
  position: string;
}

/** `text?` may be null, `text` may not. */
export type ColumnType = ColumnKind | `${ColumnKind}?`;
type Value<T extends ColumnType> = T extends `${infer K extends ColumnKind}?`
  ? ValueOf[K] | null
  : T extends ColumnKind
    ? ValueOf[T]
    : never;

export interface Table<
  C extends Record<string, ColumnType> = Record<string, ColumnType>,
  N extends string = keyof C & string,
> {
  readonly columns: C;
  /** The columns that name a row, in key order. */
  readonly key: readonly N[];
  /**
   * Every past row is kept with the positions and effective times between which it held. A table without a past, and without `present`, is a
   * ledger: the event at its `position`, which was done at its `occurredAt`, writes a row once and for all.
   */
  readonly temporal?: boolean;
  /**
   * Only the present is kept, of all events whatever their times: for counts, whose past rows would take more room than
   * what they count. Nobody may ask for them as of a moment, and no row goes.
   */
  readonly present?: boolean;
  /**
   * Of a temporal table whose rows are never deleted: columns beside the key that no event changes. Past rows are kept
   * without them; an event that breaks this cannot be folded.
   */
  readonly fixed?: readonly N[];
  /** Of a table with `fixed`: columns, never null, that few events change. An engine may keep their past values once. */
  readonly rare?: readonly N[];
  /**
   * Columns that hold the sort key of another column (`sortKey` of the domain), each with that one. An engine need not
   * keep them of past rows where it can make them anew.
   */
  readonly sortKeys?: { readonly [K in N]?: N };
  /** Column lists the queries filter and sort by; each starts an index of the live rows (and of past rows where `past`). */
  readonly indexes?: readonly { readonly columns: readonly N[]; readonly past?: boolean }[];
  /** The text column that word search looks into: every word of the question is the beginning of a word in the text. */
  readonly search?: N;
}

export type Row<T> = T extends Table<infer C> ? { readonly [K in keyof C]: Value<C[K]> } : never;
export type KeyOf<T> = T extends Table<infer C> ? Partial<Row<Table<C>>> : never;

/**
 * An event builds on a row that is not there. Where the log as a whole lacks it, the fold stops, visibly, instead of
 * guessing. Over effective times at which only its subject is not there yet, the event has no effect.
 */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/** Rows of one table as a fold sees them: by key, and nothing else. */
export interface Rows<R> {
  get(key: Partial<R>): R | undefined;
  /** Writes the whole row; its key is in it. Rows are values: never change one that `get` gave. */
  put(row: R): void;
  delete(key: Partial<R>): void;
}

/**
 * How rows of a table change: gives the row that is `before` but for some columns. Most events change few columns of
 * many, and spreading a row takes ten times as long as naming its columns, so the code that names them is made, once for
 * a table, of nothing but the names a projection declares.
 */
export function changing<T extends Table>(
  table: T,
): (before: Row<T>, ...changes: readonly Partial<Row<T>>[]) => Row<T> {
  const columns = Object.keys(table.columns).map((name) => `${JSON.stringify(name)}: row[${JSON.stringify(name)}]`);
  const copyOf = new Function('row', `return { ${columns.join(', ')} };`) as (row: Row<T>) => Row<T>;
  return (before, ...changes) => {
    const row = Object.assign(copyOf(before) as object, ...changes) as Row<T>;
    latest.row = row;
    latest.before = before;
    latest.changes = changes;
    return row;
  };
}

/** What `changing` made last. */
const latest: { row: unknown; before: unknown; changes: readonly object[] } = {
  row: undefined,
  before: undefined,
  changes: [],
};

/**
 * Where a row was just made of another by `changing`: what it was told to change; no other column differs. A row is
 * mostly brought into stored form right after that, and comparing every column takes longer than all the rest.
 */
export function whatChanged(before: object, row: object): readonly object[] | undefined {
  return latest.row === row && latest.before === before ? latest.changes : undefined;
}

export type Tables = Readonly<Record<string, Table>>;
export type RowsOf<T extends Tables> = { readonly [N in keyof T]: Rows<Row<T[N]>> };

/** Written as a method, so that a projection of some tables can stand where any projection is asked for. */
type Fold<E extends EventType, T extends Tables> = { fold(event: Recorded<E>, rows: RowsOf<T>): void }['fold'];

/**
 * What can be asked: tables and a pure fold. No clock, no random, no I/O; the same fold runs live, in a rebuild, to a
 * past position and in a private copy. A fold may run more than once for one event before its rows are kept.
 */
export interface Projection<T extends Tables = Tables> {
  readonly name: string;
  /** Raised when tables or fold change: the runtime then rebuilds beside the live tables. */
  readonly version: number;
  readonly tables: T;
  readonly on: { readonly [E in EventType]?: Fold<E, T> };
}

export function table<const C extends Record<string, ColumnType>>(definition: Table<C>): Table<C> {
  const { columns, temporal, present } = definition;
  if (!temporal && !present && (columns.position !== 'position' || columns.occurredAt !== 'instant')) {
    throw new Error(
      'a table is temporal, keeps only the present, or is a ledger with the columns position and occurredAt of its events',
    );
  }
  return definition;
}

export function projection<T extends Tables>(definition: Projection<T>): Projection<T> {
  return definition;
}
