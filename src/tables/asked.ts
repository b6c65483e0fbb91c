import type { Column } from './columns';
import type { Selection, Test } from './reader';

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
