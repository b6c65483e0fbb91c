import type { SqlValue } from '../../store/sqlite/driver';
import { columnNamed, type Sorting, testsOf, type Where } from '../asked';
import type { Column } from '../columns';
import type { Test } from '../reader';
import type { Words } from './dictionary';
import { type Layout, quote, type Side } from './schema';
import { isTailed, tailOf } from './tails';
import { packQuestion } from './values';

/** A piece of SQL and the values its question marks stand for. No value of a caller is ever part of the text. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export const NEVER: Sql = { text: '0', values: [] };

export function sql(text: string, ...values: SqlValue[]): Sql {
  return { text, values };
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return {
    text: parts.map((part) => part.text).join(separator),
    values: parts.flatMap((part) => part.values),
  };
}

export function all(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql('1') : join(parts, ' AND ');
}

export function reference(alias: string, column: Column): string {
  return `${alias}.${quote(column.name)}`;
}

/** A column as it sorts: words by their text, not by the number they are stored as. */
export function sortable(expression: string, column: Column): string {
  if (column.kind === 'list' || column.kind === 'json') throw new Error(`${column.name} has no order`);
  return column.kind === 'word' ? `(SELECT text FROM runtime_word WHERE id = ${expression})` : expression;
}

const COMPARISONS = { gte: '>=', gt: '>', lte: '<=', lt: '<' } as const;

/** Conditions on columns, each read from where `expressionOf` says. `skip` is a list test another part of the statement takes care of. */
export function conditions(
  layout: Layout,
  where: Where,
  words: Words,
  expressionOf: (column: Column) => string,
  skip?: Test,
): Sql[] {
  const found: Sql[] = [];
  // Most columns a filter names are not asked about: those cost nothing here.
  for (const name in where) {
    const tests = testsOf(where, name);
    if (tests.length === 0) continue;
    const column = columnNamed(layout, name);
    const expression = expressionOf(column);
    const tailed = isTailed(layout, name);
    for (const test of tests) {
      if (test === skip) continue;
      found.push(condition(column, test, words, expression));
      if (tailed) found.push(...tail(column, test, words, expression));
    }
  }
  return found;
}

/** What the index of an id's tail is asked for beside the id itself. */
function tail(column: Column, test: Test, words: Words, name: string): Sql[] {
  const asked = 'eq' in test ? [test.eq] : 'in' in test ? test.in : [];
  const packed = asked.map((value) => packQuestion(column, value, words) ?? null);
  if (packed.length === 0 || packed.includes(null)) return [];
  return [sql(`${tailOf(name)} IN (${packed.map(() => tailOf('?')).join(', ')})`, ...packed)];
}

function condition(column: Column, test: Test, words: Words, name: string): Sql {
  if ('eq' in test) return equals(column, test.eq, words, name);
  if ('in' in test) return within(column, test.in, words, name);
  if ('isNull' in test) return sql(`${name} IS ${test.isNull ? '' : 'NOT '}NULL`);
  if ('has' in test) {
    if (column.kind === 'json') return holds(name, [test.has]);
    if (column.kind !== 'list') throw new Error(`${column.name} is not a list`);
    return holds(name, known([test.has], words));
  }
  if ('hasAny' in test) return holds(name, known(test.hasAny, words));
  if ('not' in test) {
    const packed = packQuestion(column, test.not, words);
    return packed === undefined ? sql('1') : sql(`${name} <> ?`, packed);
  }
  const [operator, value] = Object.entries(test)[0] as [keyof typeof COMPARISONS, unknown];
  const sign = COMPARISONS[operator];
  if (sign === undefined) throw new Error(`${String(operator)} is not a test`);
  const expression = sortable(name, column);
  // A word is compared as text, so one that was never used sorts among the others.
  const packed = column.kind === 'word' && typeof value === 'string' ? value : packQuestion(column, value, words);
  return packed === undefined || packed === null ? NEVER : sql(`${expression} ${sign} ?`, packed);
}

function known(texts: readonly string[], words: Words): readonly number[] {
  return texts.flatMap((text) => words.find(text) ?? []);
}

function holds(list: string, items: readonly SqlValue[]): Sql {
  if (items.length === 0) return NEVER;
  const marks = items.map(() => '?').join(', ');
  return sql(`EXISTS (SELECT 1 FROM json_each(${list}) WHERE value IN (${marks}))`, ...items);
}

function equals(column: Column, value: unknown, words: Words, name: string): Sql {
  const packed = packQuestion(column, value, words);
  if (packed === undefined) return NEVER;
  return packed === null ? sql(`${name} IS NULL`) : sql(`${name} = ?`, packed);
}

function within(column: Column, values: readonly unknown[], words: Words, name: string): Sql {
  const packed = values.map((value) => packQuestion(column, value, words));
  const known = packed.filter((value) => value !== undefined && value !== null) as SqlValue[];
  const found = sql(`${name} IN (${known.map(() => '?').join(', ')})`, ...known);
  return packed.includes(null) ? sql(`(${found.text} OR ${name} IS NULL)`, ...known) : found;
}

/** Rows behind a given one. A null comes before every value, as SQLite sorts. */
export function behind(
  sorting: readonly Sorting[],
  row: Readonly<Record<string, unknown>>,
  words: Words,
  expressionOf: (column: Column) => string,
): Sql {
  const terms = sorting.map(({ column, descending }) => {
    const value = row[column.name];
    if (value === undefined) throw new Error(`the row to continue behind lacks ${column.name}`);
    const packed = column.kind === 'word' ? (value as SqlValue) : packQuestion(column, value, words);
    if (packed === undefined) throw new Error(`the row to continue behind has no usable ${column.name}`);
    return { expression: sortable(expressionOf(column), column), descending, packed, nullable: column.nullable };
  });
  const direction = terms[0]!.descending;
  if (terms.every((term) => !term.nullable && term.descending === direction)) {
    // SQLite walks an index from here on, which it cannot with the general form.
    const names = terms.map((term) => term.expression).join(', ');
    const marks = terms.map(() => '?').join(', ');
    return sql(`(${names}) ${direction ? '<' : '>'} (${marks})`, ...terms.map((term) => term.packed));
  }
  const alternatives = terms.map((term, at) => {
    const equal = terms.slice(0, at).map((earlier) => sql(`${earlier.expression} IS ?`, earlier.packed));
    return all([...equal, further(term)]);
  });
  return { ...join(alternatives, ' OR '), text: `(${alternatives.map((part) => `(${part.text})`).join(' OR ')})` };
}

function further(term: { expression: string; descending: boolean; packed: SqlValue; nullable: boolean }): Sql {
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
): { readonly side: Side; readonly test: { readonly has: string } } | undefined {
  let best: { readonly side: Side; readonly test: { readonly has: string }; readonly score: number } | undefined;
  for (const side of layout.sides) {
    const test = testsOf(where, side.list).find((candidate) => 'has' in candidate);
    if (!test) continue;
    let fixed = 0;
    while (fixed < side.columns.length && isFixed(where, side, side.columns[fixed]!)) fixed += 1;
    if (!side.columns.slice(0, fixed).includes(side.list)) continue;
    const score = 2 * fixed + (side.columns[fixed] === sorting[0]?.column.name ? 1 : 0);
    if (!best || score > best.score) best = { side, test, score };
  }
  return best;
}

function isFixed(where: Where, side: Side, column: string): boolean {
  return column === side.list || testsOf(where, column).some((test) => 'eq' in test);
}
