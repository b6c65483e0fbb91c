import { COLLATION } from '../domain/collation';
import type { ColumnKind, ColumnType, Projection, Table } from './projection';
import { WORDS } from './searchwords';

/** One column of a table, its type taken apart. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
}

export function columnsOf(table: Table): readonly Column[] {
  return Object.entries<ColumnType>(table.columns).map(([name, type]) => ({
    name,
    kind: type.replace('?', '') as ColumnKind,
    nullable: type.endsWith('?'),
  }));
}

/** Everything a projection declares of its tables that says how they are laid out. */
export function declared(projection: Projection): readonly unknown[] {
  return Object.entries(projection.tables).map(
    ([name, { columns, key, temporal, present, fixed, rare, sortKeys, indexes, search }]) => [
      name,
      Object.entries(columns),
      key,
      present ? 'present' : (temporal ?? false),
      fixed ?? [],
      rare ?? [],
      sortKeys === undefined ? null : [sortKeys, COLLATION],
      indexes ?? [],
      search === undefined ? null : [search, WORDS],
    ],
  );
}
