import type { ColumnKind, ColumnType, Table } from './projection';

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
