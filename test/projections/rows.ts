import type { EventType, Recorded } from '../../src/domain/catalogue';
import type { RecordedEvent } from '../../src/domain/event';
import { Missing, type Projection, type Rows, type RowsOf, type Table, type Tables } from '../../src/tables/projection';

type AnyRow = Readonly<Record<string, unknown>>;

class MapRows implements Rows<AnyRow> {
  readonly held = new Map<string, AnyRow>();
  private readonly before = new Map<string, AnyRow | undefined>();

  constructor(private readonly table: Table) {}

  get(key: AnyRow): AnyRow | undefined {
    return this.held.get(this.nameOf(key));
  }

  put(row: AnyRow): void {
    this.keep(this.nameOf(row));
    this.held.set(this.nameOf(row), row);
  }

  delete(key: AnyRow): void {
    this.keep(this.nameOf(key));
    this.held.delete(this.nameOf(key));
  }

  begin(): void {
    this.before.clear();
  }

  undo(): void {
    for (const [name, row] of this.before) {
      if (row === undefined) this.held.delete(name);
      else this.held.set(name, row);
    }
  }

  private keep(name: string): void {
    if (!this.before.has(name)) this.before.set(name, this.held.get(name));
  }

  private nameOf(key: AnyRow): string {
    return JSON.stringify(this.table.key.map((column) => key[column]));
  }
}

/**
 * Folds events in memory, without history rows, which suffices for laws about a fold. Returns the rows of each table.
 * An event that builds on a missing one has no effect.
 */
export function folded<T extends Tables>(
  projection: Projection<T>,
  events: readonly RecordedEvent[],
): { readonly [N in keyof T]: readonly (RowsOf<T>[N] extends Rows<infer R> ? R : never)[] } {
  const rows = Object.fromEntries(Object.entries(projection.tables).map(([name, table]) => [name, new MapRows(table)]));
  for (const event of events) {
    const fold = projection.on[event.type as EventType] as
      | ((event: Recorded, rows: Readonly<Record<string, Rows<AnyRow>>>) => void)
      | undefined;
    for (const table of Object.values(rows)) table.begin();
    try {
      fold?.(event as Recorded, rows);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      for (const table of Object.values(rows)) table.undo();
    }
  }
  const tables = Object.entries(rows).map(([name, table]) => [name, [...table.held.values()]]);
  return Object.fromEntries(tables) as ReturnType<typeof folded<T>>;
}
