import { positionOf } from '../../store/instant';
import type { Column } from '../columns';
import { liveTimes } from '../held';
import type { Entry } from '../rows';
import type { Connection } from './driver';
import type { Errand } from './errand';
import { CopyLines, copyTimes } from './lines';
import { type Layout, list, quote } from './schema';
import { arrayOf, type Packed, sentAs } from './values';

export const NUMBER = { name: 'number', kind: 'integer', nullable: false } as const;

type Written = Entry<Packed> & { readonly packed: readonly Packed[] };

/** The keys of a statement's first values, numbered from 1: `k`, with `_at`. */
export function keysAsked({ key }: Layout): string {
  const sent = key.map(sentAs);
  const arrays = sent.map(({ type }, at) => `$${at + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS k(${sent.map((_, at) => `k${at}`).join(', ')}, _at)`;
}

/** A row `t` has the key `k`. */
export function sameKey({ key }: Layout): string {
  return key
    .map((column, at) => {
      const equal = column.nullable ? 'IS NOT DISTINCT FROM' : '=';
      return `t.${quote(column.name)} ${equal} ${sentAs(column).read(`k.k${at}`)}`;
    })
    .join(' AND ');
}

/** The keys of rows, an array for each column. */
export function keyArrays({ key, columns }: Layout, rows: readonly (readonly Packed[])[]): readonly string[] {
  return key.map((column) => {
    const at = columns.indexOf(column);
    return arrayOf(
      column,
      rows.map((row) => row[at]!),
    );
  });
}

/** Deletes the rows of a table with these rows' keys. */
export function removal(
  connection: Connection,
  layout: Layout,
  from: string,
  rows: readonly (readonly Packed[])[],
): Errand {
  const arrays = keyArrays(layout, rows);
  const text = `DELETE FROM ${from} t USING ${keysAsked(layout)} WHERE ${sameKey(layout)}`;
  return () => connection.prepared(text, arrays);
}

/** Writes what a batch made of the live rows. */
export class LiveRows {
  private readonly fresh: CopyLines | undefined;
  /** What a row is sent as, and the names of these columns. */
  private readonly own: readonly Column[];
  private readonly names: readonly string[];
  private readonly upsertSql: string;

  /** @param sealed readers have their indexes: batches are small, and one statement is better than two */
  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
    sealed: boolean,
  ) {
    const { columns, table, live } = layout;
    this.own = [...columns, ...liveTimes(table)];
    this.names = this.own.map(({ name }) => quote(name));
    this.upsertSql = this.upserting();
    this.fresh = sealed ? undefined : new CopyLines(connection, live, columns);
  }

  write(changed: readonly Entry<Packed>[]): readonly Errand[] {
    const { connection, layout, fresh } = this;
    const errands: Errand[] = [];
    const removed = changed.filter(({ packed }) => packed === undefined);
    const written = changed.filter((entry): entry is Written => entry.packed !== undefined);
    // No other process writes these tables, so a row that was missing before is missing now.
    const known = fresh ? written.filter(({ stored }) => stored !== undefined) : written;
    if (removed.length > 0) {
      const rows = removed.map(({ stored }) => stored!);
      errands.push(removal(connection, layout, layout.live, rows));
    }
    if (known.length > 0) {
      const arrays = this.arrays(known);
      errands.push(() => connection.prepared(this.upsertSql, arrays));
    }
    if (!fresh) return errands;
    for (const entry of written) {
      if (entry.stored === undefined) fresh.add(entry.packed, copyTimes(...timesOf(layout, entry)));
    }
    return [...errands, ...fresh.take()];
  }

  private upserting(): string {
    const { key, live } = this.layout;
    const sent = this.own.map(sentAs);
    const isKey = new Set(key.map(({ name }) => quote(name)));
    const set = this.names.filter((name) => !isKey.has(name)).map((name) => `${name} = excluded.${name}`);
    return (
      `INSERT INTO ${live} (${this.names.join(', ')}) SELECT ${sent.map(({ read }, at) => read(`c${at}`)).join(', ')} ` +
      `FROM unnest(${sent.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')}) ` +
      `AS u(${sent.map((_, at) => `c${at}`).join(', ')}) ON CONFLICT (${list(key)}) DO ` +
      (set.length > 0 ? `UPDATE SET ${set.join(', ')}` : 'NOTHING')
    );
  }

  private arrays(entries: readonly Written[]): readonly string[] {
    const { columns, table } = this.layout;
    const arrays = columns.map((column, at) =>
      arrayOf(
        column,
        entries.map(({ packed }) => packed[at]!),
      ),
    );
    const times = entries.map((entry) => timesOf(this.layout, entry));
    return [
      ...arrays,
      ...liveTimes(table).map((time, at) =>
        arrayOf(
          time,
          times.map((each) => each[at]!),
        ),
      ),
    ];
  }
}

/** The times beside the columns of a live row; of a ledger none, where its event says them. */
function timesOf({ table, occurredAt }: Layout, { packed, from, effective }: Written): readonly Packed[] {
  if (table.present) return [];
  if (table.temporal) return [positionOf(from), effective];
  return [effective === packed[occurredAt] ? null : effective];
}
