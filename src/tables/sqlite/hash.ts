import { setImmediate as breathe } from 'node:timers/promises';
import type { Database, SqlValue } from '../../store/sqlite/driver';
import { Canonical } from '../canonical';
import type { Column } from '../columns';
import type { TablesHash } from '../engine';
import { liveTimes, PAST_TIMES } from '../held';
import type { Projection } from '../projection';
import { Words } from './dictionary';
import { type Layout, layoutsOf, quote } from './schema';
import { reference, sortable } from './sql';
import { unpack } from './values';

/** Rows hashed before other work of this process gets its turn. */
const CHUNK = 2_000;

/** The canonical hash of one projection's tables in this file. The caller holds a read transaction open. */
export async function hashTables(
  db: Database,
  projection: Projection,
  generation: number,
  ordinalOf: (position: number) => number,
  signal?: AbortSignal,
): Promise<TablesHash> {
  const canonical = new Canonical(ordinalOf);
  const into: Into = { canonical, words: new Words(db), statements: [], signal };
  const layouts = [...layoutsOf(projection, generation)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, layout] of layouts) {
    canonical.table(name);
    await hashRows(db, layout, layout.live, liveTimes(layout.table), into);
    canonical.past(name);
    await hashRows(db, layout, layout.past, PAST_TIMES, into);
  }
  return canonical.digest();
}

interface Into {
  readonly canonical: Canonical;
  readonly words: Words;
  readonly statements: unknown[];
  readonly signal: AbortSignal | undefined;
}

async function hashRows(
  db: Database,
  layout: Layout,
  from: string,
  times: readonly Column[],
  into: Into,
): Promise<void> {
  const columns = [...layout.columns.filter((column) => column.kind !== 'recordedAt'), ...times];
  const what = columns.map((column) => reference('t', column));
  const order = layout.key.map((column) => sortable(reference('t', column), column));
  if (times === PAST_TIMES) order.push('t._from', 't._from_effective');
  const statement = db.prepareArrays(`SELECT ${what.join(', ')} FROM ${quote(from)} t ORDER BY ${order.join(', ')}`);
  into.signal?.throwIfAborted();
  let count = 0;
  // The driver does not keep a statement alive for its iterator; `into` is used to the end.
  into.statements.push(statement);
  for (const row of statement.iterate()) {
    into.canonical.row(columns, valuesOf(columns, row, into.words));
    count += 1;
    if (count % CHUNK > 0) continue;
    await breathe();
    into.signal?.throwIfAborted();
  }
}

/** Values as the fold wrote them, positions as numbers, and behind the columns the times as they are. */
function valuesOf(columns: readonly Column[], row: readonly SqlValue[], words: Words): unknown[] {
  const values: unknown[] = [...row];
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!;
    if (column.kind !== 'position') values[at] = unpack(column, row[at]!, words);
  }
  return values;
}
