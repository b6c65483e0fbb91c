import type { Row, Table } from './projection';

/** What was recorded: up to a position, or up to an instant of the store's clock. */
export type Recorded = { readonly position: string } | { readonly recordedAt: string };

/**
 * A moment to ask about. What did we know then: every event recorded up to it. What was so then, by what we know now:
 * every event whose effective time is not later. Both together: what we thought at the one moment about the other.
 */
export type At = Recorded | { readonly occurredAt: string } | (Recorded & { readonly occurredAt: string });

/** A test on one column. Several on one column all hold. */
export type Test =
  | { readonly eq: unknown }
  | { readonly in: readonly unknown[] }
  | { readonly gte: unknown }
  | { readonly lt: unknown }
  | { readonly lte: unknown }
  | { readonly gt: unknown }
  | { readonly isNull: boolean }
  /** A column that is never null has another value. */
  | { readonly not: unknown }
  /** For `list` columns, and `json` columns whose row holds a list. */
  | { readonly has: string }
  /** For `list` columns: at least one of these words. */
  | { readonly hasAny: readonly string[] };

/** Rows of another table of the same projection that belong to a row, and what one of them must be at that moment. */
export interface Related<C extends string = string> {
  readonly table: Table;
  /** Their columns, each with the column of the row that it equals. */
  readonly same: Readonly<Record<string, C>>;
  readonly where: Conditions['where'];
}

/** What rows must be, on columns named `C`; all of it holds together. */
export interface Conditions<C extends string = string> {
  readonly where?: { readonly [N in C]?: Test | readonly Test[] };
  /** Words that must each begin a word of the table's search column; case and the accents of Latin letters do not count. */
  readonly search?: string;
  /** For each of these there is a row that belongs to it. */
  readonly some?: readonly Related<C>[];
  /** Of each of these groups, at least one holds. */
  readonly anyOf?: readonly (readonly Conditions<C>[])[];
}

export interface Selection<R> extends Conditions<keyof R & string> {
  /** The key columns are added at the end, in the direction of the last, so that the order is total. */
  readonly order?: readonly { readonly by: keyof R & string; readonly descending?: boolean }[];
  readonly limit: number;
  /** Continue behind this row: its order and key columns (a row of an earlier page will do). */
  readonly after?: Partial<R>;
  readonly at?: At;
}

/** Counts rows or, with `by`, the different values that those columns hold together. */
export interface Counting<R> extends Conditions<keyof R & string> {
  readonly by?: readonly (keyof R & string)[];
  readonly at?: At;
}

/** Stretches of the calendar of UTC. Weeks are those of ISO 8601, from Monday on. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A stretch of the calendar that an instant of a row lies in. Its number comes back as `in_<unit>`. */
export interface Span {
  readonly of: string;
  readonly unit: CalendarUnit;
}

/**
 * The milliseconds between two instants of a row. Their sum comes back as `sum_lasting`; at each of these per cents, as
 * `p<percent>`, the smallest value that so many per cent of the rows do not exceed (0: the smallest of all).
 */
export interface Lasting {
  readonly from: string;
  readonly to: string;
  readonly percents: readonly number[];
}

/** What a grouping asks beside the values of columns. */
export interface Measured {
  readonly spans?: readonly Span[];
  readonly lasting?: Lasting;
}

export interface Grouping<R> extends Conditions<keyof R & string>, Measured {
  readonly by: readonly (keyof R & string)[];
  /** Integer or real columns to add up; `count` counts rows; `distinct` counts different values of a column. */
  readonly sum?: readonly (keyof R & string)[];
  readonly distinct?: readonly (keyof R & string)[];
  readonly order?: readonly { readonly by: string; readonly descending?: boolean }[];
  readonly limit: number;
  readonly offset?: number;
  readonly at?: At;
}

/** A grouped row: the `by` columns, the spans, `count`, and `sum_<column>`, `distinct_<column>`, `p<percent>` as asked. */
export type Grouped<R> = Partial<R> & { readonly count: number } & {
  readonly [aggregate: `sum_${string}` | `distinct_${string}` | `p${number}` | `in_${string}`]: number;
};

/** The tables of one projection, read-only. Every call sees one committed checkpoint. */
export interface ProjectionReader {
  get<T extends Table>(table: T, key: Partial<Row<T>>, at?: At): Promise<Row<T> | undefined>;
  /** One round trip for many keys, in their order; undefined where there is no row. */
  getMany<T extends Table>(
    table: T,
    keys: readonly Partial<Row<T>>[],
    at?: At,
  ): Promise<readonly (Row<T> | undefined)[]>;
  select<T extends Table>(table: T, selection: Selection<Row<T>>): Promise<readonly Row<T>[]>;
  count<T extends Table>(table: T, counting: Counting<Row<T>>): Promise<number>;
  group<T extends Table>(table: T, grouping: Grouping<Row<T>>): Promise<readonly Grouped<Row<T>>[]>;
  /** The position these tables are computed at. */
  position(): Promise<string>;
}
