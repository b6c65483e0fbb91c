import type { SqlValue } from '../../store/sqlite/driver';
import type { AnyRow } from '../rows';
import type { Words } from './dictionary';
import type { Layout } from './schema';
import { packerOf } from './values';

/** Brings rows of one layout into stored form: values in the order of the columns. */
export class Packing {
  private readonly columns: readonly { readonly name: string; readonly pack: (value: unknown) => SqlValue }[];

  constructor(layout: Layout, words: Words) {
    this.columns = layout.columns.map((column) => ({ name: column.name, pack: packerOf(column, words) }));
  }

  /** Throws where a value does not fit its column. */
  first(row: AnyRow): SqlValue[] {
    return this.columns.map(({ name, pack }) => pack(row[name]));
  }

  /** The row that was `before`, in stored form `packed`: the very same array where nothing of it changed. */
  next(row: AnyRow, before: AnyRow, packed: readonly SqlValue[]): readonly SqlValue[] {
    let next: SqlValue[] | undefined;
    for (let at = 0; at < this.columns.length; at++) {
      const { name, pack } = this.columns[at]!;
      if (row[name] === before[name]) continue;
      const stored = pack(row[name]);
      if (stored === packed[at]) continue;
      next ??= packed.slice();
      next[at] = stored;
    }
    return next ?? packed;
  }
}
