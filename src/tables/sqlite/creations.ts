import type { SqlValue } from '../../store/sqlite/driver';
import type { Layout } from './schema';

/** Position columns of which it can be hoped that each row keeps its place of birth there. */
export function hopefulCreations(layout: Layout): readonly string[] {
  if (layout.identity !== 'id') return [];
  return layout.columns.filter(({ kind, nullable }) => kind === 'position' && !nullable).map(({ name }) => name);
}

/**
 * Columns that hold, in every row there ever was, the position of the event the row came into being with, and no two
 * rows the same. Rows are numbered in that order too, so a word search can walk its finds in the order of such a
 * column and stop when it has enough. A fold that does otherwise, once, takes its column out for good.
 */
export class Creations {
  private readonly columns: Map<string, number>;
  private lastBirth = -1;

  constructor(layout: Layout, names: readonly string[]) {
    const at = (name: string) => layout.columns.findIndex((column) => column.name === name);
    this.columns = new Map(names.map((name) => [name, at(name)]));
  }

  get names(): readonly string[] {
    return [...this.columns.keys()];
  }

  born(row: readonly SqlValue[], position: number): void {
    if (position === this.lastBirth) this.columns.clear();
    this.lastBirth = position;
    for (const [name, at] of this.columns) if (row[at] !== position) this.columns.delete(name);
  }

  changed(before: readonly SqlValue[], after: readonly SqlValue[]): void {
    for (const [name, at] of this.columns) if (before[at] !== after[at]) this.columns.delete(name);
  }
}
