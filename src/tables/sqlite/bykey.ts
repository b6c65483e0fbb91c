import { type Layout, quote } from './schema';
import { reference } from './sql';

const oneSqls = new WeakMap<Layout, Map<string, string>>();

/** The text of reading one row by key, made once for each table. */
export function oneSql(layout: Layout, from: string): string {
  let made = oneSqls.get(layout);
  if (!made) {
    made = new Map();
    oneSqls.set(layout, made);
  }
  let text = made.get(from);
  if (text === undefined) {
    const columns = layout.columns.map((column) => reference('t', column)).join(', ');
    const key = layout.key.map((column) => `${reference('t', column)} IS ?`).join(' AND ');
    text = `SELECT ${columns} FROM ${quote(from)} t WHERE ${key}`;
    made.set(from, text);
  }
  return text;
}
