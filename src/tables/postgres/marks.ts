import type { Mark } from '../recent';

/** What the server tells of a row as a mark: the values of its key, and behind them the position it holds since. */
export function markOf(values: readonly unknown[]): Mark<string> {
  return [nameOf(values), values.at(-1)];
}

function nameOf(values: readonly unknown[]): string {
  if (values.length === 2) return String(values[0]);
  let name = '';
  for (let at = 0; at < values.length - 1; at++) name += values[at] === null ? '\u0001' : `${String(values[at])}\u0000`;
  return name;
}
