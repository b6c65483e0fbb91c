import { Canonical } from '../canonical';
import type { Column } from '../columns';
import type { TablesHash } from '../engine';
import { liveTimes, PAST_TIMES } from '../held';
import type { Projection } from '../projection';
import type { Connection } from './driver';
import { type Layout, layoutsOf } from './schema';
import { ofRow, orderBy } from './sql';
import type { Names } from './state';
import { read } from './values';

const PAGE = 5_000;

/** The canonical hash of one projection's tables. The caller holds a transaction open that sees one state. */
export async function hashTables(
  connection: Connection,
  names: Names,
  projection: Projection,
  generation: number,
  ordinalOf: (position: number) => number,
  signal?: AbortSignal,
): Promise<TablesHash> {
  const canonical = new Canonical(ordinalOf);
  const layouts = [...layoutsOf(names.schema, projection, generation)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, layout] of layouts) {
    canonical.table(name);
    await hashRows(connection, layout, layout.live, liveTimes(layout.table), canonical, signal);
    canonical.past(name);
    await hashRows(connection, layout, layout.past, PAST_TIMES, canonical, signal);
  }
  return canonical.digest();
}

async function hashRows(
  connection: Connection,
  layout: Layout,
  from: string,
  times: readonly Column[],
  canonical: Canonical,
  signal: AbortSignal | undefined,
): Promise<void> {
  const columns = [...layout.columns.filter(({ kind }) => kind !== 'recordedAt'), ...times];
  const what = columns.map(ofRow);
  const key = orderBy(
    layout.key.map((column) => ({ column, descending: false })),
    ofRow,
  );
  const order = times === PAST_TIMES ? `${key}, t._from, t._from_effective` : key;
  await connection.script(`DECLARE rows_hashed NO SCROLL CURSOR FOR SELECT ${what.join(', ')} FROM ${from} t${order}`);
  for (;;) {
    signal?.throwIfAborted();
    const [rows] = await connection.script(`FETCH ${PAGE} FROM rows_hashed`);
    if (rows!.length === 0) break;
    for (const row of rows!) {
      canonical.row(
        columns,
        row.map((value, at) => {
          const column = columns[at];
          if (column && column.kind !== 'position') return read(column, value);
          return value === null ? null : Number(value);
        }),
      );
    }
  }
  await connection.script('CLOSE rows_hashed');
}
