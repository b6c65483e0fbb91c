import type { SqlValue } from '../../store/sqlite/driver';
import type { AnyRow } from '../rows';
import type { Words } from './dictionary';
import type { Layout } from './schema';
import { packerOf } from './values';

/** Rows of one layout in stored form: values in the order of the columns. */
export interface Packing {
  /** Throws where a value does not fit its column. */
  first(row: AnyRow): SqlValue[];
  /** The row that was `before`, in stored form `packed`: the very same array where nothing of it changed. */
  next(row: AnyRow, before: AnyRow, packed: SqlValue[]): SqlValue[];
}

/**
 * Every event packs at least one row, and most change a few of many columns. Reading a property by a name in a variable
 * costs some ten times what it costs by a name in the code, so the code is made, once for each table. Nothing is in it
 * but names of columns that a projection declares, as string literals, and their places.
 */
export function packingOf({ columns }: Layout, words: Words): Packing {
  const packers = columns.map((column) => packerOf(column, words));
  const names = columns.map(({ name }) => JSON.stringify(name));
  const firsts = names.map((name, at) => `pack${at}(row[${name}])`);
  const nexts = names.map(
    (name, at) => `
      value = row[${name}];
      if (value !== before[${name}]) {
        stored = pack${at}(value);
        if (stored !== packed[${at}]) {
          if (next === packed) next = packed.slice();
          next[${at}] = stored;
        }
      }`,
  );
  const make = new Function(
    ...packers.map((_packer, at) => `pack${at}`),
    `return {
      first(row) { return [${firsts.join(', ')}]; },
      next(row, before, packed) {
        let next = packed, value, stored;${nexts.join('')}
        return next;
      },
    };`,
  );
  return make(...packers) as Packing;
}
