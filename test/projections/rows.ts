import type { EventType, Recorded } from '../../src/domain/catalogue';
import type { RecordedEvent } from '../../src/domain/event';
import type { Projection, Rows, RowsOf, Table, Tables } from '../../src/tables/projection';

type AnyRow = Readonly<Record<string, unknown>>;

class MapRows implements Rows<AnyRow> {
  readonly held = new Map<string, AnyRow>();

  constructor(private readonly table: Table) {}

  get(key: AnyRow): AnyRow | undefined {
    return this.held.get(this.nameOf(key));
  }

  put(row: AnyRow): void {
    this.held.set(this.nameOf(row), row);
  }

  delete(key: AnyRow): void {
    this.held.delete(this.nameOf(key));
  }

  private nameOf(key: AnyRow): string {
    return JSON.stringify(this.table.key.map((column) => key[column]));
  }
}

/** Folds events in memory, without past rows: all that a law about a fold needs. The rows of each table. */
export function folded<T extends Tables>(
  projection: Projection<T>,
  events: readonly RecordedEvent[],
): { readonly [N in keyof T]: readonly (RowsOf<T>[N] extends Rows<infer R> ? R : never)[] } {
  const rows = Object.fromEntries(Object.entries(projection.tables).map(([name, table]) => [name, new MapRows(table)]));
  for (const event of events) {
    const fold = projection.on[event.type as EventType] as
      | ((event: Recorded, rows: Readonly<Record<string, Rows<AnyRow>>>) => void)
      | undefined;
    fold?.(event as Recorded, rows);
  }
  const tables = Object.entries(rows).map(([name, table]) => [name, [...table.held.values()]]);
  return Object.fromEntries(tables) as ReturnType<typeof folded<T>>;
}
