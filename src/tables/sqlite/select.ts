import { columnNamed, type Sorting, testsOf, totalOrder } from '../asked';
import type { Column } from '../columns';
import { heldAt } from '../held';
import type { Conditions, Grouping, Selection, Test } from '../reader';
import { measuredSql } from '../spans';
import type { Words } from './dictionary';
import { besidesSql, heldText, holdsText, ledByText, type Moment, type Prepared } from './related';
import { type Layout, quote } from './schema';
import { all, behind, conditions, join, reference, type Sql, sideFor, sortable, sql } from './sql';

export type AnySelection = Omit<Selection<Record<string, unknown>>, keyof Conditions> & Prepared;

/** A plain select of rows that match. */
interface Arm extends Sql {
  /** The end of the statement that brings the rows of this one alone into the order asked for. */
  readonly order: string;
}

/** What is walked instead of the rows themselves. */
interface Index {
  readonly from: string;
  /** The expression that gives the number of a row. */
  readonly number: string;
}

/** What is read of each row found: expressions over `t`, the live row; its number alone; or nothing, where rows are counted. */
type What = { readonly expressions: string } | 'number' | 'nothing';

const ofRow = (column: Column): string => reference('t', column);

/** One or two selects whose results belong together. */
function arms(
  layout: Layout,
  what: What,
  asked: Omit<AnySelection, 'limit'>,
  words: Words,
  moment: Moment | undefined,
  creations: readonly string[] = [],
): readonly Arm[] {
  const held = moment && heldAt(layout.table, moment);
  const live = liveArm(layout, what, asked, words, { moment, bounds: held ? [held.live] : [], creations });
  return held?.past ? [live, pastArm(layout, what, asked, words, { moment, bounds: [held.past] })] : [live];
}

/** The moment asked about, and what says that a row held then. */
interface When {
  readonly moment: Moment | undefined;
  readonly bounds: readonly Sql[];
}

function liveArm(
  layout: Layout,
  what: What,
  asked: Omit<AnySelection, 'limit'>,
  words: Words,
  { moment, bounds, creations }: When & { readonly creations: readonly string[] },
): Arm {
  const total = totalOrder(layout, asked.order);
  const numbered = creations.includes(total[0]!.column.name);
  // No two rows are alike in a column in whose order they are numbered: the others have nothing to settle.
  const sorting = numbered ? total.slice(0, 1) : total;
  const { match } = asked;
  const driver = match === undefined ? sideFor(layout, asked.where, total) : undefined;
  // Where the list index holds a column, the order is read from it, row by row, until there are enough.
  const inSide = (name: string) => (driver?.side.columns.includes(name) && name !== driver.side.list) ?? false;
  const expressionOf = (column: Column) => reference(inSide(column.name) ? 's' : 't', column);
  const beside = besidesSql(layout, asked, words, moment);
  const where = [...bounds, ...conditions(layout, asked.where, words, expressionOf, driver?.test), ...beside];
  const rowNumber = `t.${quote(layout.rowid)}`;
  let index: Index | undefined;
  let order = orderBy(sorting, expressionOf);
  if (driver) {
    where.unshift(sql('s._word = ?', words.find(driver.test.has) ?? -1));
    index = { from: `${quote(driver.side.name)} s`, number: 's._row' };
  } else if (match !== undefined) {
    const search = quote(layout.search);
    if (numbered) {
      where.unshift(sql(`${search} MATCH ?`, match));
      index = { from: search, number: `${search}.rowid` };
      order = ` ORDER BY ${index.number}${sorting[0]!.descending ? ' DESC' : ''}`;
    } else {
      where.push(holdsText(layout, match));
    }
  }
  if (asked.after) where.push(behind(total, asked.after, words, expressionOf));
  const condition = all(where);
  const sorted = what === 'nothing' || (match !== undefined && numbered) ? [] : sorting;
  const indexSays =
    typeof what === 'string' &&
    bounds.length + beside.length === 0 &&
    !asked.after &&
    sorted.every(({ column }) => inSide(column.name)) &&
    allInside(asked.where, inSide, driver?.test);
  const text = `SELECT ${textOf(what, index?.number ?? rowNumber)} FROM ${fromOf(layout, index, indexSays)} WHERE ${condition.text}`;
  return { text, values: condition.values, order };
}

/** Whether every column that is tested is one of these; `skip` is tested by the index itself. */
function allInside(where: AnySelection['where'], inside: (name: string) => boolean, skip: Test | undefined): boolean {
  for (const name in where) {
    if (!inside(name) && testsOf(where, name).some((test) => test !== skip)) return false;
  }
  return true;
}

/** The rows found through an index, which needs them only where it does not hold all that is asked. */
function fromOf(layout: Layout, index: Index | undefined, indexSays: boolean): string {
  const rows = `${quote(layout.live)} t`;
  if (index === undefined) return rows;
  return indexSays ? index.from : `${index.from} CROSS JOIN ${rows} ON t.${quote(layout.rowid)} = ${index.number}`;
}

function textOf(what: What, number: string): string {
  if (what === 'nothing') return '1';
  return what === 'number' ? number : what.expressions;
}

function pastArm(
  layout: Layout,
  what: What,
  asked: Omit<AnySelection, 'limit'>,
  words: Words,
  { moment, bounds }: When,
): Arm {
  const sorting = totalOrder(layout, asked.order);
  const where = [...bounds, ...conditions(layout, asked.where, words, ofRow)];
  where.push(...besidesSql(layout, asked, words, moment));
  if (asked.after) where.push(behind(sorting, asked.after, words, ofRow));
  if (asked.match !== undefined) where.push(heldText(layout, asked.match));
  if (asked.match !== undefined && layout.moved !== layout.past) where.unshift(ledByText(layout, asked.match));
  const { text, values } = all(where);
  const read = textOf(what, `t.${quote(layout.rowid)}`);
  return {
    text: `SELECT ${read} FROM ${quote(layout.past)} t WHERE ${text}`,
    values,
    order: orderBy(sorting, ofRow),
  };
}

export function orderBy(sorting: readonly Sorting[], expressionOf: (column: Column) => string): string {
  const terms = sorting.map(
    ({ column, descending }) => `${sortable(expressionOf(column), column)}${descending ? ' DESC' : ''}`,
  );
  return ` ORDER BY ${terms.join(', ')}`;
}

export interface SelectOptions {
  readonly moment?: Moment | undefined;
  /** Columns in whose order the live rows are numbered. */
  readonly creations?: readonly string[];
  /**
   * What a row comes as: `rows` its columns in order. The others only for live rows that have numbers: `ids` the number,
   * `marks` the number and, of a temporal row, the position it holds since, `marked` the columns and behind them a mark.
   */
  readonly form: 'rows' | 'ids' | 'marks' | 'marked';
}

/** The statement of a selection. */
export function selectSql(layout: Layout, asked: AnySelection, words: Words, options: SelectOptions): Sql {
  const { moment, creations = [], form } = options;
  const parts = arms(layout, whatOf(layout, form), asked, words, moment, creations);
  const [only] = parts;
  if (only && parts.length === 1) {
    return { text: `${only.text}${only.order} LIMIT ?`, values: [...only.values, asked.limit] };
  }
  // Each alone in its own order, so that an index of one of them is walked no further than the page needs.
  const union = join(
    parts.map(({ text, order, values }) => sql(`SELECT * FROM (${text}${order} LIMIT ?)`, ...values, asked.limit)),
    ' UNION ALL ',
  );
  const order = orderBy(totalOrder(layout, asked.order), ofRow);
  return { text: `SELECT * FROM (${union.text}) t${order} LIMIT ?`, values: [...union.values, asked.limit] };
}

const whats = new WeakMap<Layout, { readonly [F in SelectOptions['form']]: What }>();

/** What each form reads of a row, its text made once for each table. */
function whatOf(layout: Layout, form: SelectOptions['form']): What {
  let made = whats.get(layout);
  if (!made) {
    const rows = layout.columns.map(ofRow).join(', ');
    const mark = `t.${quote(layout.rowid)}${layout.table.temporal ? ', t._from' : ''}`;
    made = {
      ids: 'number',
      rows: { expressions: rows },
      marks: { expressions: mark },
      marked: { expressions: `${rows}, ${mark}` },
    };
    whats.set(layout, made);
  }
  return made[form];
}

/** Counts rows or, with `by`, the different values that those columns hold together. */
export function countSql(
  layout: Layout,
  { by, ...asked }: Prepared & { readonly by?: readonly string[] | undefined },
  words: Words,
  moment?: Moment,
): Sql {
  const what =
    by === undefined ? 'nothing' : { expressions: by.map((name) => ofRow(columnNamed(layout, name))).join(', ') };
  const { text, values } = join(arms(layout, what, asked, words, moment), ' UNION ALL ');
  return { text: `SELECT count(*) FROM (${by === undefined ? text : `SELECT DISTINCT * FROM (${text})`})`, values };
}

/** The columns a grouping gives, in order: what they are called and how they come back. */
export interface GroupColumn {
  readonly name: string;
  /** Undefined for numbers the grouping made. */
  readonly column: Column | undefined;
}

export function groupSql(
  layout: Layout,
  { where, match, some, anyOf, ...asked }: Omit<Grouping<Record<string, unknown>>, keyof Conditions> & Prepared,
  words: Words,
  moment?: Moment,
): Sql & { readonly columns: readonly GroupColumn[] } {
  const by = asked.by.map((name) => columnNamed(layout, name));
  const sums = (asked.sum ?? []).map((name) => columnNamed(layout, name));
  const distinct = (asked.distinct ?? []).map((name) => columnNamed(layout, name));
  const conditions = { where, match, some, anyOf };
  const union = join(arms(layout, whatOf(layout, 'rows'), conditions, words, moment), ' UNION ALL ');
  const read = [...by, ...sums, ...distinct].map(ofRow);
  const { from, spans, times } = measuredSql(union.text, read, by.map(ofRow), asked);
  const made = [
    ...spans.map(({ text }) => text),
    'count(*)',
    ...sums.map((column) => `coalesce(sum(${ofRow(column)}), 0)`),
    ...distinct.map((column) => `count(DISTINCT ${ofRow(column)})`),
    ...times.map(({ text }) => text),
  ];
  const names = ['count', ...sums.map((c) => `sum_${c.name}`), ...distinct.map((c) => `distinct_${c.name}`)];
  const columns: GroupColumn[] = [
    ...by.map((column) => ({ name: column.name, column })),
    ...[...spans.map(({ name }) => name), ...names, ...times.map(({ name }) => name)].map((name) => ({
      name,
      column: undefined,
    })),
  ];
  const values = [...by.map(ofRow), ...made];
  const order = (asked.order ?? []).map(({ by: name, descending }) => {
    const at = columns.findIndex((candidate) => candidate.name === name);
    const found = columns[at];
    if (!found) throw new Error(`a grouping cannot be ordered by ${name}, which is not in it`);
    return `${found.column ? sortable(values[at]!, found.column) : values[at]}${descending ? ' DESC' : ''}`;
  });
  // Equal groups stay in one order on every page.
  for (const column of by) order.push(sortable(ofRow(column), column));
  const groups = [...by.map(ofRow), ...spans.map(({ text }) => text)];
  const grouped = groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : '';
  const sorted = order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '';
  return {
    text: `SELECT ${values.join(', ')} FROM ${from}${grouped}${sorted} LIMIT ? OFFSET ?`,
    values: [...union.values, asked.limit, asked.offset ?? 0],
    columns,
  };
}
