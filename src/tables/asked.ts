import type { Column } from './columns';
import type { Piece } from './held';
import type { Related, Selection, Test } from './reader';

/** What a question names of a table, before any engine says it in its own words. */
export interface Named {
  readonly columns: readonly Column[];
  readonly key: readonly Column[];
  /** The live table, for messages. */
  readonly live: string;
}

export type Where = Selection<Record<string, unknown>>['where'];

export function columnNamed({ columns, live }: Pick<Named, 'columns' | 'live'>, name: string): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`table ${live} has no column ${name}`);
  return column;
}

export interface Sorting {
  readonly column: Column;
  readonly descending: boolean;
}

/** The order asked for, made total by the key columns in the direction of the last. */
export function totalOrder(table: Named, order: Selection<Record<string, unknown>>['order']): readonly Sorting[] {
  const asked = (order ?? []).map(({ by, descending }) => ({
    column: columnNamed(table, by),
    descending: descending === true,
  }));
  const descending = asked.at(-1)?.descending ?? false;
  const rest = table.key.filter((column) => !asked.some((sorting) => sorting.column === column));
  return [...asked, ...rest.map((column) => ({ column, descending }))];
}

export function testsOf(where: Where, column: string): readonly Test[] {
  const tests = where?.[column];
  if (tests === undefined) return [];
  return (Array.isArray(tests) ? tests : [tests]) as readonly Test[];
}

/** How an engine words conditions. */
interface Wording<S extends Piece, R> {
  /** Tests on columns and words to search for. */
  readonly tests: (conditions: Nested<R>) => readonly S[];
  readonly some: (related: R) => S;
  readonly all: (pieces: readonly S[]) => S;
}

/** Conditions as an engine holds them, with its own form of related rows. */
interface Nested<R> {
  readonly some?: readonly R[] | undefined;
  readonly anyOf?: readonly (readonly Nested<R>[])[] | undefined;
}

/** What conditions ask beside tests on columns and words: rows of other tables, and alternatives. */
export function besides<S extends Piece, R>(
  { some = [], anyOf = [] }: Nested<R>,
  wording: Wording<S, R>,
): readonly S[] {
  const whole = (each: Nested<R>): S => wording.all([...wording.tests(each), ...besides(each, wording)]);
  const alternatives = anyOf.map((group) => {
    const pieces = group.map(whole);
    const text = `(${pieces.map((piece) => `(${piece.text})`).join(' OR ')})`;
    return { text, values: pieces.flatMap((piece) => piece.values) } as unknown as S;
  });
  return [...some.map(wording.some), ...alternatives];
}

/** Whether an index of the table leads to the rows that belong: one of its indexes begins with a column of one value. */
export function isIndexed({ table, where }: Related): boolean {
  return (table.indexes ?? []).some(({ columns: [first] }) =>
    testsOf(where, first!).some((test) => 'eq' in test || 'in' in test),
  );
}
