import type { Column } from '../columns';
import type { Table } from '../projection';

/**
 * Columns that a past row may leave null, each with where its value is found then. `_from` or `_from_effective`: it equals
 * that. `next`: the event that ended the row did not change it, so the next past row that has a value has this one, or
 * else the live row. Rows that hold only over a stretch of effective time have no next, and come after no other.
 */
export type Spared = ReadonlyMap<string, '_from' | '_from_effective' | 'next'>;

/** What past rows of a table with fixed columns leave out. Columns that an index of past rows names stay. */
export function sparedOf(table: Table, columns: readonly Column[]): Spared {
  const indexed = new Set((table.indexes ?? []).flatMap((index) => (index.past ? index.columns : [])));
  const spared = new Map<string, '_from' | '_from_effective' | 'next'>();
  for (const { name, kind, nullable } of columns) {
    if (nullable || indexed.has(name)) continue;
    if (table.rare?.includes(name)) spared.set(name, 'next');
    else if (kind === 'position') spared.set(name, '_from');
    else if (kind === 'instant') spared.set(name, '_from_effective');
  }
  return spared;
}
