import type { SqlValue } from '../../store/sqlite/driver';
import { whatChanged } from '../projection';
import type { AnyRow } from '../rows';
import type { Words } from './dictionary';
import type { Layout } from './schema';
import { packerOf } from './values';

/** Brings rows of one layout into stored form: values in the order of the columns. */
export class Packing {
  private readonly columns: readonly { readonly name: string; readonly pack: (value: unknown) => SqlValue }[];
  private readonly places: ReadonlyMap<string, number>;

  constructor(layout: Layout, words: Words) {
    this.columns = layout.columns.map((column) => ({ name: column.name, pack: packerOf(column, words) }));
    this.places = new Map(layout.columns.map(({ name }, at) => [name, at]));
  }

  /** Throws where a value does not fit its column. */
  first(row: AnyRow): SqlValue[] {
    return this.columns.map(({ name, pack }) => pack(row[name]));
  }

  /** The row that was `before`, in stored form `packed`: the very same array where nothing of it changed. */
  next(row: AnyRow, before: AnyRow, packed: readonly SqlValue[]): readonly SqlValue[] {
    let next: SqlValue[] | undefined;
    const compare = (name: string, at: number): void => {
      if (row[name] === before[name]) return;
      const stored = this.columns[at]!.pack(row[name]);
      if (stored === packed[at]) return;
      next ??= packed.slice();
      next[at] = stored;
    };
    const changes = whatChanged(before, row);
    if (!changes) for (let at = 0; at < this.columns.length; at++) compare(this.columns[at]!.name, at);
    else {
      for (const change of changes) {
        for (const name of Object.keys(change)) {
          const at = this.places.get(name);
          if (at !== undefined) compare(name, at);
        }
      }
    }
    return next ?? packed;
  }
}
