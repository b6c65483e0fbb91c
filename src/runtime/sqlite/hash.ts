import { createHash, type Hash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Database, SqlValue } from '../../sqlite';
import type { Projection } from '../projection';
import { type Layout, layoutsOf, quote } from './schema';
import { reference, sortable } from './sql';
import { type Column, unpack } from './values';
import { Words } from './words';

/** Rows hashed before other work of this process gets its turn. */
const CHUNK = 2_000;

export interface TablesHash {
  readonly rows: number;
  readonly sha256: string;
}

/**
 * The canonical hash of one projection's tables: tables in name order, rows in key order, past rows behind the live
 * ones, values as they are written. A position is replaced by the ordinal of its event, and the store's clock is left
 * out, so the same events in another store hash the same. Nothing that is only this file's (numbers of words, rowids)
 * is in it. The caller holds a read transaction open.
 */
export async function hashTables(
  db: Database,
  projection: Projection,
  generation: number,
  ordinalOf: (position: number) => number,
): Promise<TablesHash> {
  const sha = createHash('sha256');
  const words = new Words(db);
  const into: Into = { sha, words, ordinalOf, statements: [] };
  let rows = 0;
  const layouts = [...layoutsOf(projection, generation)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, layout] of layouts) {
    sha.update(`${name}\n`);
    rows += await hashRows(db, layout, layout.live, layout.table.temporal ? ['_from', '_fromEffective'] : [], into);
    if (!layout.table.temporal) continue;
    sha.update(`${name} past\n`);
    const times = ['_from', '_fromEffective', '_to', '_toEffective'];
    rows += await hashRows(db, layout, layout.past, times, into);
  }
  return { rows, sha256: sha.digest('hex') };
}

interface Into {
  readonly sha: Hash;
  readonly words: Words;
  readonly ordinalOf: (position: number) => number;
  readonly statements: unknown[];
}

async function hashRows(
  db: Database,
  layout: Layout,
  from: string,
  times: readonly string[],
  into: Into,
): Promise<number> {
  const columns = layout.columns.filter((column) => column.kind !== 'recordedAt');
  const what = [...columns.map((column) => reference('t', column)), ...times.map((time) => `t.${time}`)];
  const order = layout.key.map((column) => sortable(reference('t', column), column));
  if (times.includes('_to')) order.push('t._from');

  const statement = db.prepareArrays(`SELECT ${what.join(', ')} FROM ${quote(from)} t ORDER BY ${order.join(', ')}`);
  let count = 0;
  let text = '';
  // The driver does not keep a statement alive for its iterator; `into` is used to the end.
  into.statements.push(statement);
  for (const row of statement.iterate()) {
    text += rowText(columns, row, into);
    count += 1;
    if (count % CHUNK > 0) continue;
    into.sha.update(text);
    text = '';
    await breathe();
  }
  into.sha.update(text);
  return count;
}

function rowText(columns: readonly Column[], row: readonly SqlValue[], { words, ordinalOf }: Into): string {
  const written: unknown[] = [];
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!;
    const value = row[at]!;
    written.push(
      column.kind === 'position' && value !== null ? ordinalOf(value as number) : unpack(column, value, words),
    );
  }
  // Behind the columns stand positions and effective times in turn.
  for (let at = columns.length; at < row.length; at++) {
    const value = row[at] as number;
    written.push((at - columns.length) % 2 === 0 ? ordinalOf(value) : value);
  }
  return `${JSON.stringify(written)}\n`;
}
