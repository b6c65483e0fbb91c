import { besides, isIndexed } from '../asked';
import type { Conditions, Related } from '../reader';
import type { Words } from './dictionary';
import { type Layout, list, quote } from './schema';
import { all, conditions, reference, type Sql, sql } from './sql';

/** A moment in the terms of the tables. */
export type Moment = { readonly position: number } | { readonly effective: number };

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
  const { layout, same, upTo = {}, where } = related;
  const tests = conditions(layout, where, words, (column) => reference('x', column));
  const of = (names: readonly string[], alias: string) => names.map((name) => `${alias}.${quote(name)}`).join(', ');
  const pairs = (columns: Readonly<Record<string, string>>, sign: string) =>
    Object.entries(columns).map(([theirs, ours]) => sql(`x.${quote(theirs)} ${sign} t.${quote(ours)}`));
  const joined = all([...pairs(same, '='), ...pairs(upTo, '<='), ...tests]);
  const exists = heldSql(layout, moment).map(({ from, bound }) => {
    const { text, values } = all([joined, ...bound]);
    return sql(`EXISTS (SELECT 1 FROM ${quote(from)} x WHERE ${text})`, ...values);
  });
  const found: Sql = {
    text: `(${exists.map(({ text }) => text).join(' OR ')})`,
    values: exists.flatMap(({ values }) => values),
  };
  if (!isIndexed(related) || exists.length > 1) return found;
  // Said this way, SQLite begins with the few rows that the index leads to.
  const { text, values } = all(tests);
  const [theirs, ours] = [of(Object.keys(same), 'x'), of(Object.values(same), 't')];
  return all([
    sql(`(${ours}) IN (SELECT ${theirs} FROM ${quote(layout.live)} x WHERE ${text})`, ...values),
    ...(moment || related.upTo ? [found] : []),
  ]);
}

/** Where the rows `x` of a table are at a moment, and what says that they held then. */
function heldSql(layout: Layout, moment: Moment | undefined): readonly { from: string; bound: readonly Sql[] }[] {
  if (!moment) return [{ from: layout.live, bound: [] }];
  if (!layout.table.temporal) return [{ from: layout.live, bound: [ledgerBound(layout, moment, 'x')] }];
  const [from, to, at] =
    'position' in moment
      ? (['_from', '_to', moment.position] as const)
      : (['_fromEffective', '_toEffective', moment.effective] as const);
  return [
    { from: layout.live, bound: [sql(`x.${from} <= ?`, at)] },
    { from: layout.past, bound: [sql(`x.${from} <= ? AND x.${to} > ?`, at, at)] },
  ];
}

/** An append-only ledger needs no past rows: what it was is what it is, up to a place. */
export function ledgerBound(layout: Layout, moment: Moment, alias = 't'): Sql {
  const [name, kind, bound] =
    'position' in moment
      ? (['position', 'position', moment.position] as const)
      : (['occurredAt', 'instant', moment.effective] as const);
  const column = layout.columns.find((candidate) => candidate.name === name && candidate.kind === kind);
  if (column) return sql(`${reference(alias, column)} <= ?`, bound);
  throw new Error(
    `table ${layout.live} keeps no past: it is neither temporal nor has it a ${kind} column named ${name}`,
  );
}

const found = (name: string) => `(SELECT rowid FROM ${quote(name)} WHERE ${quote(name)} MATCH ?)`;

/** The live row holds a text that matches. */
export function holdsText({ search, rowid }: Layout, match: string): Sql {
  return sql(`t.${quote(rowid)} IN ${found(search)}`, match);
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
