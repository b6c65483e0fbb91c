import { besides, isIndexed } from '../asked';
import { heldAt, type Moment as MomentOf } from '../held';
import type { Conditions, Related } from '../reader';
import type { Words } from './dictionary';
import { type Layout, list, quote } from './schema';
import { all, conditions, join, reference, type Sql, sql } from './sql';

/** A moment in the terms of the tables. */
export type Moment = MomentOf<Sql>;

/** Conditions whose words to search for are in the form the word index takes, and whose tables are laid out. */
export interface Prepared extends Omit<Conditions, 'anyOf'> {
  readonly match?: string | undefined;
  readonly some?: readonly (Related & { readonly layout: Layout })[];
  readonly anyOf?: readonly (readonly Prepared[])[];
}

/** What a question asks beside tests on columns and words, of the row `t` at a moment. */
export function besidesSql(layout: Layout, asked: Prepared, words: Words, moment: Moment | undefined): readonly Sql[] {
  return besides(asked, {
    all,
    tests: (each: Prepared) => [
      ...conditions(layout, each.where, words, (column) => reference('t', column)),
      ...(each.match === undefined ? [] : [moment ? heldText(layout, each.match) : holdsText(layout, each.match)]),
    ],
    some: (related) => someSql(related as Related & { readonly layout: Layout }, words, moment),
  });
}

function someSql(related: Related & { readonly layout: Layout }, words: Words, moment: Moment | undefined): Sql {
  const { layout, same, where } = related;
  const tests = conditions(layout, where, words, (column) => reference('x', column));
  const of = (names: readonly string[], alias: string) => names.map((name) => `${alias}.${quote(name)}`).join(', ');
  const pairs = Object.entries(same).map(([theirs, ours]) => sql(`x.${quote(theirs)} = t.${quote(ours)}`));
  const joined = all([...pairs, ...tests]);
  const sources = heldSql(layout, moment);
  const exists = sources.map(({ from, bound }) => {
    const { text, values } = all([joined, ...bound]);
    return sql(`EXISTS (SELECT 1 FROM ${quote(from)} x WHERE ${text})`, ...values);
  });
  const found: Sql = {
    text: `(${exists.map(({ text }) => text).join(' OR ')})`,
    values: exists.flatMap(({ values }) => values),
  };
  if (!isIndexed(related) || (moment && layout.table.temporal)) return found;
  // Said this way, SQLite begins with the few rows that the index leads to. Past rows of a ledger are few.
  const { text, values } = all(tests);
  const [theirs, ours] = [of(Object.keys(same), 'x'), of(Object.values(same), 't')];
  const selects = sources.map(({ from }) => sql(`SELECT ${theirs} FROM ${quote(from)} x WHERE ${text}`, ...values));
  const led = join(selects, ' UNION ALL ');
  return all([sql(`(${ours}) IN (${led.text})`, ...led.values), ...(moment ? [found] : [])]);
}

/** Where the rows `x` of a table are at a moment, and what says that they held then. */
function heldSql(layout: Layout, moment: Moment | undefined): readonly { from: string; bound: readonly Sql[] }[] {
  if (!moment) return [{ from: layout.live, bound: [] }];
  const { live, past } = heldAt(layout.table, moment, 'x');
  return [{ from: layout.live, bound: [live] }, ...(past ? [{ from: layout.past, bound: [past] }] : [])];
}

const found = (name: string) => `(SELECT rowid FROM ${quote(name)} WHERE ${quote(name)} MATCH ?)`;

/** The live row holds a text that matches. */
export function holdsText({ search, rowid }: Layout, match: string): Sql {
  return sql(`t.${quote(rowid)} IN ${found(search)}`, match);
}

/** The past row `t` is of a live row that holds, or held once, a text that matches: its index then leads to it. */
export function ledByText(layout: Layout, match: string): Sql {
  const { live, rowid, texts, key, search, pastSearch } = layout;
  const same = key.map(({ name }) => `l.${quote(name)} = x.${quote(name)}`).join(' AND ');
  return sql(
    `t._row IN (SELECT rowid FROM ${quote(search)} WHERE ${quote(search)} MATCH ? UNION ALL ` +
      `SELECT l.${quote(rowid)} FROM ${quote(texts)} x JOIN ${quote(live)} l ON ${same} WHERE x._id IN ${found(pastSearch)})`,
    match,
    match,
  );
}

/** The row holds a text that matches: one its key holds now, or one it held once. */
export function heldText(layout: Layout, match: string): Sql {
  const key = list(layout.key);
  const text = quote(layout.table.search!);
  return sql(
    `(${layout.key.map((column) => reference('t', column)).join(', ')}, t.${text}) IN (` +
      `SELECT ${key}, ${text} FROM ${quote(layout.live)} WHERE ${quote(layout.rowid)} IN ${found(layout.search)} ` +
      `UNION ALL SELECT ${key}, _text FROM ${quote(layout.texts)} WHERE _id IN ${found(layout.pastSearch)})`,
    match,
    match,
  );
}
