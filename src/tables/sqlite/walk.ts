import { type Sorting, totalOrder } from '../asked';
import type { Column } from '../columns';
import { heldAt } from '../held';
import { packPosition } from '../numbers';
import type { Words } from './dictionary';
import { besidesSql, type Moment } from './related';
import { type Layout, list, quote } from './schema';
import { type AnySelection, orderBy } from './select';
import { all, behind, conditions, join, reference, type Sql, sql } from './sql';

/**
 * Of rows asked for, how many live rows are looked at in the first round and in the second. A page that is not full then
 * is read from all rows there were, which takes longer than both.
 */
export const ROUNDS = [4, 64] as const;

/**
 * Whether a list of the past can be read along the live rows: where no row ever goes, and the columns it is in the order
 * of never change, each row of the past stands where the live row of its key does.
 */
export function isWalkable(layout: Layout, asked: AnySelection, creations: readonly string[]): boolean {
  const { table, moved, past } = layout;
  if (moved === past) return false;
  const [first, ...rest] = totalOrder(layout, asked.order).map(({ column }) => column.name);
  const isLed = (table.indexes ?? []).some(({ columns }) => columns[0] === first);
  // Rows that hold a word are walked in the order of their numbers.
  if (asked.match !== undefined && !creations.includes(first!)) return false;
  return isLed && [first!, ...rest].every((name) => isSteady(layout, name));
}

function isSteady({ table }: Layout, name: string): boolean {
  return table.key.includes(name) || table.fixed?.includes(name) === true;
}

/**
 * The first rows of a list as of a moment, found among the next so many live rows: what each of their keys was then. It
 * is the page where it is full.
 */
export function walkSql(
  layout: Layout,
  asked: AnySelection,
  words: Words,
  how: {
    readonly moment: Moment;
    readonly creations: readonly string[];
    readonly round: number;
    /** No event behind this position counts. */
    readonly latest: number | undefined;
  },
): Sql {
  const { moment } = how;
  const { live, past, columns, rowid, table } = layout;
  const total = totalOrder(layout, asked.order);
  const ofLive = (column: (typeof columns)[number]) => reference('l', column);
  const ofRow = (column: (typeof columns)[number]) => reference('t', column);
  const steady = Object.entries(asked.where ?? {}).filter(([name]) => isSteady(layout, name));
  const next = [sql('1'), ...conditions(layout, Object.fromEntries(steady), words, ofLive)];
  if (asked.after) next.push(behind(total, asked.after, words, ofLive));
  const { column: born, descending } = total[0]!;
  const ends = how.creations.includes(born.name) ? endsOf(how, descending ? asked.after?.[born.name] : undefined) : [];
  const most = asked.limit * how.round;
  const walked =
    asked.match === undefined
      ? rowsNext(layout, [...next, ...ends.map((end) => join([sql(`${ofLive(born)} <= `), end], ''))], total, most)
      : findsNext(layout, asked.match, { next, ends, born, descending, most });
  const held = heldAt(table, moment);
  const tests = [...conditions(layout, asked.where, words, ofRow), ...besidesSql(layout, asked, words, moment)];
  const read = columns.map(ofRow).join(', ');
  const arm = (from: string, key: string, bounds: readonly Sql[]) =>
    join(
      [
        sql(`SELECT ${read} FROM (`),
        walked,
        sql(`) w CROSS JOIN ${quote(from)} t ON t.${key} = w._walked WHERE `),
        all([...bounds, ...tests]),
      ],
      '',
    );
  const texts = asked.match === undefined ? [] : [sql('w._found'), heldThen(layout, asked.match)];
  const arms = join(
    [arm(live, quote(rowid), [held.live, ...texts.slice(0, 1)]), arm(past, '_row', [held.past!, ...texts.slice(1)])],
    ' UNION ALL ',
  );
  return {
    text: `SELECT * FROM (${arms.text}) t${orderBy(total, ofRow)} LIMIT ?`,
    values: [...arms.values, asked.limit],
  };
}

/** Positions behind which no row that counts came into being. */
function endsOf({ moment, latest }: Parameters<typeof walkSql>[3], after: unknown): readonly Sql[] {
  const reached = typeof after === 'string' ? packPosition(after) : undefined;
  return [moment.position, latest, reached].flatMap((end) =>
    end === undefined ? [] : [typeof end === 'number' ? sql('?', end) : end],
  );
}

/** The numbers of the next live rows. */
function rowsNext({ live, rowid }: Layout, next: readonly Sql[], total: readonly Sorting[], most: number): Sql {
  const { text, values } = all(next);
  const order = orderBy(total, (column) => reference('l', column));
  return sql(
    `SELECT l.${quote(rowid)} AS _walked FROM ${quote(live)} l WHERE ${text}${order} LIMIT ?`,
    ...values,
    most,
  );
}

interface Finds {
  readonly next: readonly Sql[];
  readonly ends: readonly Sql[];
  readonly born: Column;
  readonly descending: boolean;
  readonly most: number;
}

/** The numbers of the next live rows that hold what is searched for, or held it once; `_found` where they hold it now. */
function findsNext(layout: Layout, match: string, { next, ends, born, descending, most }: Finds): Sql {
  const { live, rowid, search, texts, pastSearch, key } = layout;
  const number = quote(rowid);
  const found = `${quote(search)}.rowid`;
  const direction = descending ? ' DESC' : '';
  // Rows are numbered as they come into being, so a place in the log is one among the numbers.
  const within = ends.map(({ text, values }) =>
    sql(
      `${found} <= coalesce((SELECT b.${number} FROM ${quote(live)} b WHERE ${reference('b', born)} <= ${text} ` +
        `ORDER BY ${reference('b', born)} DESC LIMIT 1), 0)`,
      ...values,
    ),
  );
  const now = all([sql(`${quote(search)} MATCH ?`, match), ...within, ...next]);
  const once = all([
    sql(`x._id IN (SELECT rowid FROM ${quote(pastSearch)} WHERE ${quote(pastSearch)} MATCH ?)`, match),
    ...next,
  ]);
  const same = key.map(({ name }) => `l.${quote(name)} = x.${quote(name)}`).join(' AND ');
  return sql(
    `SELECT _walked, max(_found) AS _found FROM (` +
      `SELECT * FROM (SELECT ${found} AS _walked, 1 AS _found FROM ${quote(search)} CROSS JOIN ${quote(live)} l ` +
      `ON l.${number} = ${found} WHERE ${now.text} ORDER BY ${found}${direction} LIMIT ?) UNION ALL ` +
      `SELECT * FROM (SELECT l.${number} AS _walked, 0 AS _found FROM ${quote(texts)} x JOIN ${quote(live)} l ` +
      `ON ${same} WHERE ${once.text} GROUP BY 1 ORDER BY 1${direction} LIMIT ?)` +
      `) GROUP BY _walked ORDER BY _walked${direction} LIMIT ?`,
    ...now.values,
    most,
    ...once.values,
    most,
    most,
  );
}

/** The past row `t` of the row walked to holds what is searched for: the text of today, or one of those held once. */
function heldThen(layout: Layout, match: string): Sql {
  const { live, rowid, texts, pastSearch, table, key } = layout;
  const text = quote(table.search!);
  const keys = key.map((column) => reference('t', column)).join(', ');
  return sql(
    `((w._found AND t.${text} IS (SELECT b.${text} FROM ${quote(live)} b WHERE b.${quote(rowid)} = w._walked)) OR ` +
      `(${keys}, t.${text}) IN (SELECT ${list(key)}, _text FROM ${quote(texts)} WHERE _id IN ` +
      `(SELECT rowid FROM ${quote(pastSearch)} WHERE ${quote(pastSearch)} MATCH ?)))`,
    match,
  );
}
