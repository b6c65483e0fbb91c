import { besides } from '../asked';
import { heldAt, type Moment as MomentOf } from '../held';
import type { Conditions, Related } from '../reader';
import { type Layout, list, quote } from './schema';
import { queryOf } from './search';
import { all, conditions, ofRow, type Sql, sql } from './sql';

/** A moment in the terms of the tables. */
export type Moment = MomentOf<Sql>;

/** Conditions whose tables are laid out. */
export interface Prepared extends Omit<Conditions, 'anyOf'> {
  readonly some?: readonly (Related & { readonly layout: Layout })[];
  readonly anyOf?: readonly (readonly Prepared[])[];
}

/** What a question asks beside tests on columns and words, of the row `t` at a moment. */
export function besidesSql(layout: Layout, asked: Prepared, moment: Moment | undefined): readonly Sql[] {
  return besides(asked, {
    all,
    tests: (each: Prepared) => {
      const query = queryOf(each.search);
      const words = query === undefined ? [] : [moment ? heldText(layout, query) : holdsText(layout, query)];
      return [...conditions(layout, each.where, ofRow), ...words];
    },
    some: (related) => someSql(related, moment),
  });
}

function someSql({ layout, same, where }: Related & { readonly layout: Layout }, moment?: Moment): Sql {
  const pairs = Object.entries(same).map(([theirs, ours]) => sql(`x.${quote(theirs)} = t.${quote(ours)}`));
  const tests = conditions(layout, where, (column) => `x.${quote(column.name)}`);
  const joined = [...pairs, ...tests];
  const exists = (from: string, ...bound: readonly Sql[]) => {
    const { text, values } = all([...joined, ...bound]);
    return sql(`EXISTS (SELECT 1 FROM ${from} x WHERE ${text})`, ...values);
  };
  if (!moment) return exists(layout.live);
  const held = heldAt(layout.table, moment, 'x');
  const live = exists(layout.live, held.live);
  if (!held.past) return live;
  const past = exists(layout.past, held.past);
  return sql(`(${live.text} OR ${past.text})`, ...live.values, ...past.values);
}

/** The live row holds a text that matches. */
export function holdsText({ key, texts }: Layout, query: string): Sql {
  return sql(`(${list(key, 't')}) IN (SELECT ${list(key)} FROM ${texts} WHERE _live AND _words @@ ?::tsquery)`, query);
}

/** The row holds a text that matches: one its key holds now, or one it held once. */
export function heldText({ key, texts, search }: Layout, query: string): Sql {
  return sql(
    `(${list(key, 't')}, ${ofRow(search!)}) IN (SELECT ${list(key)}, _text FROM ${texts} WHERE _words @@ ?::tsquery)`,
    query,
  );
}
