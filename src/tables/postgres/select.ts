import { columnNamed, totalOrder } from '../asked';
import type { Column } from '../columns';
import { heldAt } from '../held';
import type { Conditions, Counting, Grouping, Selection } from '../reader';
import { measuredSql } from '../spans';
import { besidesSql, heldText, holdsText, type Moment, type Prepared } from './related';
import { type Layout, quote } from './schema';
import { queryOf } from './search';
import {
  all,
  behind,
  conditions,
  type ExpressionOf,
  join,
  ofRow,
  orderBy,
  type Sql,
  sideFor,
  sortedBy,
  sql,
} from './sql';
import { beginningToWalk, isWalkable, walkedHolds, walkOrder } from './walk';

export type AnySelection = Omit<Selection<Record<string, unknown>>, keyof Conditions> & Prepared;

/** In what part of the texts a beginning of words stands, from 0 to 1, as far as that is known. */
export type ShareOf = (beginning: string) => number;

export interface SelectOptions {
  readonly shareOf?: ShareOf;
  /** Of live temporal rows: their marks alone, or the position they hold since behind the columns. */
  readonly only?: 'marks' | 'marked';
}

/** Comes behind every other. */
const LAST_LETTER = '\u{10ffff}';

/** A plain select of rows that match, and where each column is read from. */
interface Arm extends Sql {
  readonly expressionOf: ExpressionOf;
}

/** One or two selects whose results belong together. */
function arms(layout: Layout, what: string, asked: Omit<AnySelection, 'limit'>, moment: Moment | undefined): Arm[] {
  const held = moment && heldAt(layout.table, moment);
  const live = liveArm(layout, what, asked, { moment, bounds: held ? [held.live] : [] });
  return held?.past ? [live, pastArm(layout, what, asked, { moment, bounds: [held.past] })] : [live];
}

/** The moment asked about, and what says that a row held then. */
interface When {
  readonly moment: Moment | undefined;
  readonly bounds: readonly Sql[];
}

function liveArm(layout: Layout, what: string, asked: Omit<AnySelection, 'limit'>, { moment, bounds }: When): Arm {
  const sorting = totalOrder(layout, asked.order);
  const query = queryOf(asked.search);
  const driver = query === undefined ? sideFor(layout, asked.where, sorting) : undefined;
  let from = `${layout.live} t`;
  // Where the list index holds a column, the order is read from it, row by row, until there are enough.
  const inSide = new Set(driver ? [...driver.side.columns, ...layout.key] : []);
  const expressionOf: ExpressionOf = (column) =>
    inSide.has(column) && column !== driver?.side.list ? `s.${quote(column.name)}` : ofRow(column);
  const where = [
    ...bounds,
    ...conditions(layout, asked.where, expressionOf, driver?.test),
    ...besidesSql(layout, asked, moment),
  ];
  if (driver) {
    const same = layout.key.map((column) => `t.${quote(column.name)} = s.${quote(column.name)}`);
    from = `${driver.side.name} s JOIN ${from} ON ${same.join(' AND ')}`;
    where.unshift(sql('s._word = ?', driver.test.has));
  }
  if (query !== undefined) where.push(holdsText(layout, query));
  if (asked.after) where.push(behind(sorting, asked.after, expressionOf));
  const condition = all(where);
  return { text: `SELECT ${what} FROM ${from} WHERE ${condition.text}`, values: condition.values, expressionOf };
}

function pastArm(layout: Layout, what: string, asked: Omit<AnySelection, 'limit'>, { moment, bounds }: When): Arm {
  const sorting = totalOrder(layout, asked.order);
  const where = [...bounds, ...conditions(layout, asked.where, ofRow), ...besidesSql(layout, asked, moment)];
  if (asked.after) where.push(behind(sorting, asked.after, ofRow));
  const query = queryOf(asked.search);
  if (query !== undefined) where.push(heldText(layout, query));
  const { text, values } = all(where);
  return { text: `SELECT ${what} FROM ${layout.past} t WHERE ${text}`, values, expressionOf: ofRow };
}

/** The statement of a selection. Rows come with the table's columns in order. */
export function selectSql(
  layout: Layout,
  asked: AnySelection,
  moment?: Moment,
  { shareOf = () => 0, only }: SelectOptions = {},
): Sql & { readonly planned: boolean } {
  const what = [...(only === 'marks' ? layout.key : layout.columns).map(ofRow), ...(only ? ['t._from'] : [])].join(
    ', ',
  );
  const walk = moment ? undefined : walkSql(layout, asked, what, shareOf);
  if (walk) return { ...walk, planned: true };
  return { ...plainSql(layout, asked, what, moment), planned: asked.search === undefined };
}

/** A page of what words find, walked in the order asked for; undefined where that cannot be done. */
function walkSql(layout: Layout, asked: AnySelection, what: string, shareOf: ShareOf): Sql | undefined {
  const { walk, live, key } = layout;
  const sorting = totalOrder(layout, asked.order);
  const beginning = beginningToWalk(asked.search, shareOf);
  if (!walk || beginning === undefined || !isWalkable(layout, walk, sorting)) return undefined;
  const order = walkOrder(layout, walk);
  const ofWord: ExpressionOf = (column) => `w.${quote(column.name)}`;
  const same = (alias: string) => key.map((column) => `t.${quote(column.name)} = ${alias}.${quote(column.name)}`);
  const where = [sql('w._word = e._word'), walkedHolds(layout, queryOf(asked.search)!)];
  if (asked.after) where.push(behind(sorting, asked.after, ofWord));
  const tests = [...conditions(layout, asked.where, ofRow), ...besidesSql(layout, asked, undefined)];
  const joined = tests.length > 0 ? ` JOIN ${live} t ON ${same('w').join(' AND ')}` : '';
  const limit = ` LIMIT ${Math.max(0, Math.floor(asked.limit))}`;
  const condition = all([...where, ...tests]);
  // A text may hold several words that begin so, and its row is then found several times.
  const found =
    `SELECT DISTINCT ${order.map((column) => `f.${quote(column.name)}`).join(', ')} FROM ${walk.terms} e ` +
    `CROSS JOIN LATERAL (SELECT ${order.map(ofWord).join(', ')} FROM ${walk.words} w${joined} ` +
    `WHERE ${condition.text}${orderBy(sorting, ofWord)}${limit}) f WHERE e._word >= ? AND e._word < ?`;
  const ofFound: ExpressionOf = (column) => `s.${quote(column.name)}`;
  return {
    text:
      `SELECT ${what} FROM (${found}${orderBy(sorting, (column) => `f.${quote(column.name)}`)}${limit}) s ` +
      `JOIN ${live} t ON ${same('s').join(' AND ')}${orderBy(sorting, ofFound)}`,
    values: [...condition.values, beginning, `${beginning}${LAST_LETTER}`],
  };
}

function plainSql(layout: Layout, asked: AnySelection, what: string, moment?: Moment): Sql {
  const sorting = totalOrder(layout, asked.order);
  const parts = arms(layout, what, asked, moment);
  // A number in the text, so that the planner knows how few rows are wanted.
  const limit = ` LIMIT ${Math.max(0, Math.floor(asked.limit))}`;
  const [only] = parts;
  if (only && parts.length === 1) {
    return { text: `${only.text}${orderBy(sorting, only.expressionOf)}${limit}`, values: only.values };
  }
  const union = join(
    parts.map((part) => ({ ...part, text: `(${part.text}${orderBy(sorting, part.expressionOf)}${limit})` })),
    ' UNION ALL ',
  );
  return { text: `SELECT * FROM (${union.text}) t${orderBy(sorting, ofRow)}${limit}`, values: union.values };
}

/** Counts rows or, with `by`, the different values that those columns hold together. */
export function countSql(
  layout: Layout,
  { by, ...asked }: Prepared & Pick<Counting<Record<string, unknown>>, 'by'>,
  moment?: Moment,
): Sql {
  const what = by === undefined ? '1' : by.map((name) => ofRow(columnNamed(layout, name))).join(', ');
  const { text, values } = join(arms(layout, what, asked, moment), ' UNION ALL ');
  const counted = by === undefined ? text : `SELECT DISTINCT * FROM (${text}) t`;
  return { text: `SELECT count(*) FROM (${counted}) t`, values };
}

/** The columns a grouping gives, in order: what they are called and how they come back. */
export interface GroupColumn {
  readonly name: string;
  /** Undefined for numbers the grouping made. */
  readonly column: Column | undefined;
}

export function groupSql(
  layout: Layout,
  { where, search, some, anyOf, ...asked }: Omit<Grouping<Record<string, unknown>>, keyof Conditions> & Prepared,
  moment?: Moment,
): Sql & { readonly columns: readonly GroupColumn[] } {
  const by = asked.by.map((name) => columnNamed(layout, name));
  const sums = (asked.sum ?? []).map((name) => columnNamed(layout, name));
  const distinct = (asked.distinct ?? []).map((name) => columnNamed(layout, name));
  const what = layout.columns.map(ofRow).join(', ');
  const union = join(arms(layout, what, { where, search, some, anyOf }, moment), ' UNION ALL ');
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
    const column = found.column ?? { name, kind: 'integer', nullable: false };
    return sortedBy(column, descending === true, values[at]!);
  });
  // Equal groups stay in one order on every page.
  for (const column of by) order.push(sortedBy(column, false, ofRow(column)));
  const groups = [...by.map(ofRow), ...spans.map(({ text }) => text)];
  const grouped = groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : '';
  const sorted = order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '';
  return {
    text: `SELECT ${values.join(', ')} FROM ${from}${grouped}${sorted} LIMIT ? OFFSET ?`,
    values: [...union.values, asked.limit, asked.offset ?? 0],
    columns,
  };
}
