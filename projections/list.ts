import { sortKey } from '../src/domain/collation';
import type { ColumnKind, Row, Table } from '../src/tables/projection';
import type { At, Conditions, ProjectionReader } from '../src/tables/reader';
import { conditionsOf, type FilterOf, type Filters, together } from './filters';

/** A page of a list. The next one is asked for with the mark of its last row as `after`. */
export interface Page<R> {
  readonly rows: readonly R[];
  readonly hasNext: boolean;
}

export interface Order {
  /** One of the list's `orders`. */
  readonly by: string;
  readonly direction: 'asc' | 'desc';
}

/** The values of a row by which the next page continues after it: its place in the order. */
// biome-ignore lint/suspicious/noExplicitAny: `marks` says what its values are.
export type Mark = Readonly<Record<string, any>>;

/** What is asked of a list. */
export interface Asked<F> {
  readonly filter?: F;
  readonly order?: Order;
  readonly first: number;
  readonly after?: Mark;
}

/** A list as every door asks for it, said once: its filters, its orders, its pages, its count. */
export interface List<R, F = object> {
  /** Names the list in its cursors. */
  readonly name: string;
  readonly projection: string;
  readonly filters: Filters;
  readonly usual: Order;
  page(reader: ProjectionReader, asked: Asked<F>, at?: At): Promise<Page<R>>;
  /** How many rows there are over all pages. */
  count(reader: ProjectionReader, filter: F | undefined, at?: At): Promise<number>;
  /** `index`: of the row in its page; `after`: what the page went on behind. */
  mark(row: R, order: Order, index: number, after?: Mark): Mark;
  /** The kinds of the values that a mark holds. */
  marks(order: Order): Readonly<Record<string, ColumnKind>>;
}

/** The filter that a list takes. */
// biome-ignore lint/suspicious/noExplicitAny: only the filter is looked for.
export type FilterFor<L> = L extends List<any, infer F> ? F : never;

/** The values of a list's filters, and alternatives: at least one of these filters, with all that stands beside them. */
export type Alternatives<F> = F & { readonly anyOf?: readonly F[] };

interface Definition<T extends Table, F> {
  readonly name: string;
  readonly projection: string;
  readonly table: T;
  /** The column that each order goes by; the key settles ties. */
  readonly orders: Readonly<Record<string, keyof Row<T> & string>>;
  readonly usual: Order;
  readonly filters: F;
  /** Rows that are left out unless one of these filters is named. */
  readonly leftOut?: { readonly unless: readonly string[]; readonly but: Conditions<keyof Row<T> & string> };
}

/** A list of the rows of a table. */
export function listOf<T extends Table, const F extends Filters<keyof Row<T> & string>>(
  definition: Definition<T, F>,
): List<Row<T>, Alternatives<FilterOf<F>>> {
  const { table, orders, filters, leftOut, ...rest } = definition;
  /** The columns in a mark: of a sort key, which is long, the column that it is made of. */
  const marked = ({ by }: Order): readonly string[] => {
    const column = orders[by]!;
    return [...new Set([table.sortKeys?.[column] ?? column, ...table.key])];
  };
  const behind = (mark: Mark): Partial<Row<T>> => {
    const keys = Object.entries<string | undefined>(table.sortKeys ?? {}).filter(([, of]) => mark[of!] !== undefined);
    return { ...mark, ...Object.fromEntries(keys.map(([key, of]) => [key, sortKey(mark[of!])])) } as Partial<Row<T>>;
  };
  const asksFor = (filter: object) => leftOut?.unless.some((name) => name in filter) ?? true;
  const conditions = ({ anyOf, ...filter }: Alternatives<FilterOf<F>> = {} as Alternatives<FilterOf<F>>) => {
    const all = (each: object, named: boolean) =>
      together([conditionsOf(filters, each), ...(named || asksFor(each) ? [] : [leftOut!.but])]);
    if (anyOf === undefined) return all(filter, false);
    const named = asksFor(filter);
    return together([all(filter, true), { anyOf: [anyOf.map((each) => all(each, named))] }]);
  };
  return {
    ...rest,
    filters,
    async page(reader, { filter, order = rest.usual, first, after }, at) {
      // One row more than asked for tells whether another page follows.
      const rows = await reader.select(table, {
        ...conditions(filter),
        order: [{ by: orders[order.by]!, descending: order.direction === 'desc' }],
        limit: first + 1,
        after: after && behind(after),
        at,
      });
      return { rows: rows.slice(0, first), hasNext: rows.length > first };
    },
    count: (reader, filter, at) => reader.count(table, { ...conditions(filter), at }),
    mark: (row, order) => Object.fromEntries(marked(order).map((name) => [name, (row as Mark)[name]])),
    marks: (order) => Object.fromEntries(marked(order).map((name) => [name, kindOf(table, name)])),
  };
}

function kindOf(table: Table, column: string): ColumnKind {
  return table.columns[column]!.replace('?', '') as ColumnKind;
}
