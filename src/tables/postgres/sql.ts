import { columnNamed, type Sorting, testsOf, type Where } from '../asked';
import type { Column } from '../columns';
import type { Test } from '../reader';
import { type Layout, quote, type Side } from './schema';
import { asked, type Packed, packKind, sentAs } from './values';

/** A piece of SQL and the values its question marks stand for. No value of a caller is ever part of the text. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

export const NEVER: Sql = { text: 'false', values: [] };

export function sql(text: string, ...values: unknown[]): Sql {
  return { text, values };
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map(({ text }) => text).join(separator), values: parts.flatMap(({ values }) => values) };
}

export function all(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql('true') : join(parts, ' AND ');
}

/** Question marks become the numbered parameters of PostgreSQL. */
export function numbered({ text, values }: Sql): Sql {
  let count = 0;
  return {
    text: text.replace(/\?/g, () => {
      count += 1;
      return `$${count}`;
    }),
    values,
  };
}

export type ExpressionOf = (column: Column) => string;
const COMPARISONS = { gte: '>=', gt: '>', lte: '<=', lt: '<' } as const;

/** Conditions on columns, each read from where `expressionOf` says. `skip` is a test another part of the statement takes care of. */
export function conditions(layout: Layout, where: Where, expressionOf: ExpressionOf, skip?: Test): Sql[] {
  return Object.keys(where ?? {}).flatMap((name) => {
    const column = columnNamed(layout, name);
    const tests = testsOf(where, name).filter((test) => test !== skip);
    return tests.map((test) => condition(column, test, expressionOf(column)));
  });
}

function condition(column: Column, test: Test, name: string): Sql {
  if ('eq' in test) return equals(column, test.eq, name);
  if ('in' in test) return within(column, test.in, name);
  if ('isNull' in test) return sql(`${name} IS ${test.isNull ? '' : 'NOT '}NULL`);
  if ('has' in test) {
    const held = column.kind === 'json' ? itemsOf(name) : name;
    if (column.kind !== 'list' && column.kind !== 'json') throw new Error(`${column.name} is not a list`);
    return packKind('word', test.has) === undefined ? NEVER : sql(`?::text = ANY (${held})`, test.has);
  }
  if ('hasAny' in test) {
    const packed = packKind('list', test.hasAny);
    return packed === undefined ? NEVER : sql(`${name} && ?::text[]`, packed);
  }
  if ('not' in test) {
    const packed = question(column, test.not);
    return packed === undefined ? sql('true') : sql(`${name} <> ?`, packed);
  }
  const [operator, value] = Object.entries(test)[0] as [keyof typeof COMPARISONS, unknown];
  const sign = COMPARISONS[operator];
  if (sign === undefined) throw new Error(`${String(operator)} is not a test`);
  ordered(column);
  const packed = question(column, value);
  return packed === undefined || packed === null ? NEVER : sql(`${name} ${sign} ?`, packed);
}

/** The items of a list that is held as JSON; none where the JSON is no list. */
function itemsOf(json: string): string {
  const list = `CASE json_typeof(${json}) WHEN 'array' THEN ${json} ELSE '[]'::json END`;
  return `ARRAY(SELECT json_array_elements_text(${list}))`;
}

/** JSON is compared by its text, which is written alike wherever it is written. */
const comparable = (column: Column, name: string): string => (column.kind === 'json' ? `${name}::text` : name);

function equals(column: Column, value: unknown, of: string): Sql {
  const name = comparable(column, of);
  const packed = question(column, value);
  if (packed === undefined) return NEVER;
  return packed === null ? sql(`${name} IS NULL`) : sql(`${name} = ?`, packed);
}

function within(column: Column, values: readonly unknown[], of: string): Sql {
  const name = comparable(column, of);
  const packed = values.map((value) => question(column, value));
  const known = packed.filter((value) => value !== undefined && value !== null);
  // One value is told as such: an index then goes on in the order of its next column.
  let found = known.length === 1 ? sql(`${name} = ?`, known[0]) : NEVER;
  if (known.length > 1) found = sql(`${name} = ANY (?::${arrayType(column)})`, known);
  return packed.includes(null) ? { ...found, text: `(${found.text} OR ${name} IS NULL)` } : found;
}

function arrayType(column: Column): string {
  return column.kind === 'digest' ? 'bytea[]' : `${sentAs(column).type}[]`;
}

/** A value a reader asks for, as a parameter; undefined where no row can hold it. */
export function question(column: Column, value: unknown): Packed | undefined {
  if (value === null) return null;
  const packed = packKind(column.kind, value);
  return packed === undefined ? undefined : asked(column, packed);
}

export function ordered(column: Column): void {
  if (column.kind === 'list' || column.kind === 'json') throw new Error(`${column.name} has no order`);
}

export function orderBy(sorting: readonly Sorting[], expressionOf: ExpressionOf): string {
  const terms = sorting.map(({ column, descending }) => sortedBy(column, descending, expressionOf(column)));
  return ` ORDER BY ${terms.join(', ')}`;
}

/** Nothing comes before everything, in every engine. */
export function sortedBy(column: Column, descending: boolean, expression: string): string {
  ordered(column);
  const nulls = column.nullable ? ` NULLS ${descending ? 'LAST' : 'FIRST'}` : '';
  return `${expression}${descending ? ' DESC' : ''}${nulls}`;
}

/** Rows behind a given one. */
export function behind(
  sorting: readonly Sorting[],
  row: Readonly<Record<string, unknown>>,
  expressionOf: ExpressionOf,
): Sql {
  const terms = sorting.map(({ column, descending }) => {
    const value = row[column.name];
    if (value === undefined) throw new Error(`the row to continue behind lacks ${column.name}`);
    const packed = question(column, value);
    if (packed === undefined) throw new Error(`the row to continue behind has no usable ${column.name}`);
    return { expression: expressionOf(column), descending, packed, nullable: column.nullable };
  });
  const direction = terms[0]!.descending;
  if (terms.every((term) => !term.nullable && term.descending === direction)) {
    // An index is walked from here on, which it is not with the general form.
    const names = terms.map(({ expression }) => expression).join(', ');
    const marks = terms.map(() => '?').join(', ');
    return sql(`(${names}) ${direction ? '<' : '>'} (${marks})`, ...terms.map(({ packed }) => packed));
  }
  const alternatives = terms.map((term, at) => {
    const equal = terms.slice(0, at).map((earlier) => same(earlier.expression, earlier.packed));
    return all([...equal, further(term)]);
  });
  return { ...join(alternatives, ' OR '), text: `(${alternatives.map(({ text }) => `(${text})`).join(' OR ')})` };
}

function same(expression: string, packed: Packed): Sql {
  return packed === null ? sql(`${expression} IS NULL`) : sql(`${expression} = ?`, packed);
}

function further(term: { expression: string; descending: boolean; packed: Packed; nullable: boolean }): Sql {
  const { expression, descending, packed, nullable } = term;
  if (packed === null) return descending ? NEVER : sql(`${expression} IS NOT NULL`);
  if (!descending) return sql(`${expression} > ?`, packed);
  return nullable ? sql(`(${expression} < ? OR ${expression} IS NULL)`, packed) : sql(`${expression} < ?`, packed);
}

/**
 * The list index that serves a question best: the one most of whose first columns are fixed by the question, and
 * preferably one that then goes on in the order asked for.
 */
export function sideFor(
  layout: Layout,
  where: Where,
  sorting: readonly Sorting[],
): { readonly side: Side; readonly test: Test & { readonly has: string } } | undefined {
  let best: { readonly side: Side; readonly test: Test & { readonly has: string }; readonly score: number } | undefined;
  for (const side of layout.sides) {
    const test = testsOf(where, side.list.name).find((candidate) => 'has' in candidate);
    if (!test) continue;
    let fixed = 0;
    while (fixed < side.columns.length && isFixed(where, side, side.columns[fixed]!)) fixed += 1;
    if (!side.columns.slice(0, fixed).includes(side.list)) continue;
    const score = 2 * fixed + (side.columns[fixed] === sorting[0]?.column ? 1 : 0);
    if (!best || score > best.score) best = { side, test, score };
  }
  return best;
}

function isFixed(where: Where, side: Side, column: Column): boolean {
  return column === side.list || testsOf(where, column.name).some((test) => 'eq' in test);
}

export function ofRow(column: Column): string {
  return `t.${quote(column.name)}`;
}
