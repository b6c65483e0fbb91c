import { positionOf } from '../../store/instant';
import { TablesNotReady } from '../engine';
import { heldAt } from '../held';
import { momentOf } from '../numbers';
import type { Projection, Row, Table } from '../projection';
import type { At, Conditions, Counting, Grouped, Grouping, ProjectionReader, Selection } from '../reader';
import { RecentTables } from '../recent';
import type { Connections } from './driver';
import { CommonWords } from './frequent';
import { markOf } from './marks';
import { isMissing, reachable } from './reachable';
import type { Moment, Prepared } from './related';
import { type Layout, layoutsOf, list, quote, shapeOf } from './schema';
import { type AnySelection, countSql, groupSql, selectSql } from './select';
import { numbered, type Sql, sql } from './sql';
import type { Names } from './state';
import { arrayOf, type Packed, packKind, read, rowOf, sentAs } from './values';

type AnyRow = Record<string, unknown>;

/** Where the live tables stand, as far as this process has been told; asks where it has not. */
export interface Known {
  generation(name: string, shape: string, anew: boolean): Promise<number | undefined>;
  position(name: string, shape: string): Promise<number | undefined>;
}

/** Reads one projection's live tables, whatever generation they are in. Each call is one statement, and so sees one checkpoint. */
export class PostgresReader implements ProjectionReader {
  private layouts: ReadonlyMap<Table, Layout> = new Map();
  private generation: number | undefined;
  private readonly shape: string;
  private readonly common: CommonWords;
  private readonly recentTables = new RecentTables<Layout, string>();

  constructor(
    private readonly connections: Connections,
    private readonly names: Names,
    private readonly known: Known,
    private readonly projection: Projection,
  ) {
    this.shape = shapeOf(projection);
    this.common = new CommonWords(connections);
  }

  async get<T extends Table>(table: T, key: Partial<Row<T>>, at?: At): Promise<Row<T> | undefined> {
    return (await this.getMany(table, [key], at))[0];
  }

  async getMany<T extends Table>(
    table: T,
    keys: readonly Partial<Row<T>>[],
    at?: At,
  ): Promise<readonly (Row<T> | undefined)[]> {
    if (keys.length === 0) return [];
    const found: (Row<T> | undefined)[] = new Array(keys.length).fill(undefined);
    const asked: { readonly at: number; readonly key: readonly Packed[] }[] = [];
    const { columns } = await this.read(table, (layout) => ({
      text: '',
      values: [],
      columns: layout.key,
    }));
    keys.forEach((key, place) => {
      const packed = columns.map((column) => {
        const value = (key as AnyRow)[column.name];
        return value === null ? null : packKind(column.kind, value);
      });
      if (packed.every((value) => value !== undefined)) asked.push({ at: place, key: packed as Packed[] });
    });
    if (asked.length === 0) return found;
    const arrays = columns.map((column, n) =>
      arrayOf(
        column,
        asked.map(({ key }) => key[n]!),
      ),
    );
    const { rows, layout } = await this.read(table, (each) => manySql(each, arrays, this.moment(at)));
    for (const row of rows) found[asked[(row[0] as number) - 1]!.at] = rowOf(layout.columns, row, 1) as Row<T>;
    return found;
  }

  async select<T extends Table>(table: T, selection: Selection<Row<T>>): Promise<readonly Row<T>[]> {
    const asked = selection as unknown as AnySelection;
    if (asked.at === undefined && table.temporal) return this.recent(table, asked) as Promise<readonly Row<T>[]>;
    const { rows, layout } = await this.read(table, (each) => this.selected(each, asked));
    return rows.map((row) => rowOf(layout.columns, row, 0) as Row<T>);
  }

  async count<T extends Table>(table: T, counting: Counting<Row<T>>): Promise<number> {
    const { by, at, search } = counting;
    const { rows } = await this.read(table, (layout) => ({
      ...countSql(layout, { by, ...this.prepared(counting) }, this.moment(at)),
      planned: search === undefined,
    }));
    return rows[0]![0] as number;
  }

  async group<T extends Table>(table: T, grouping: Grouping<Row<T>>): Promise<readonly Grouped<Row<T>>[]> {
    const { rows, columns } = await this.read(table, (layout) => {
      const asked = { ...grouping, ...this.prepared(grouping) } as Parameters<typeof groupSql>[1];
      return groupSql(layout, asked, this.moment(grouping.at));
    });
    return rows.map((row) => {
      const group: AnyRow = {};
      columns.forEach(({ name, column }, at) => {
        group[name] = column ? read(column, row[at]) : row[at];
      });
      return group as Grouped<Row<T>>;
    });
  }

  async position(): Promise<string> {
    const position = await reachable(this.known.position(this.projection.name, this.shape));
    if (position === undefined) throw new TablesNotReady(this.projection.name);
    return positionOf(position);
  }

  /** Live rows that carry since when they are as they are: those of earlier lists need not be read again. */
  private async recent(table: Table, asked: AnySelection): Promise<readonly AnyRow[]> {
    if (this.recentTables.of(await this.layout(table, false)).byMark.pays) {
      const { rows, layout } = await this.read(table, (each) => this.selected(each, asked, 'marks'));
      const kept = this.recentTables.of(layout).since(rows.map(markOf));
      if (kept) return kept;
    }
    const { rows, layout } = await this.read(table, (each) => this.selected(each, asked, 'marked'));
    const recent = this.recentTables.of(layout);
    const keyAt = layout.key.map((column) => layout.columns.indexOf(column));
    return rows.map((values) => {
      const row = rowOf(layout.columns, values, 0);
      recent.add(markOf([...keyAt.map((at) => values[at]), values.at(-1)]), row);
      return row;
    });
  }

  private selected(layout: Layout, asked: AnySelection, only?: 'marks' | 'marked'): ReturnType<typeof selectSql> {
    const shareOf = (word: string) => this.common.shareOf(layout, word);
    const prepared = { ...asked, ...this.prepared(asked) };
    return selectSql(layout, prepared, this.moment(asked.at), { shareOf, only });
  }

  /** The layouts are those of the tables that answer: this is called when they are known. */
  private prepared({ where, search, some, anyOf }: Conditions): Prepared {
    return {
      where,
      search,
      some: some?.map((related) => ({ ...related, layout: this.layouts.get(related.table)! })),
      anyOf: anyOf?.map((group) => group.map((each) => this.prepared(each))),
    };
  }

  /** Tables are replaced as a whole when a rebuild ends: then the answer comes from the new ones. */
  private async read<S extends Sql & { readonly planned?: boolean }>(
    table: Table,
    statement: (layout: Layout) => S,
  ): Promise<S & { readonly rows: readonly (readonly unknown[])[]; readonly layout: Layout }> {
    for (let anew = false; ; anew = true) {
      const layout = await this.layout(table, anew);
      const made = statement(layout);
      if (made.text === '') return { ...made, rows: [], layout };
      const { text, values } = numbered(made);
      try {
        return { ...made, rows: await reachable(this.connections.query(text, values, made.planned)), layout };
      } catch (error) {
        if (anew || !isMissing((error as Error).cause)) throw error;
      }
    }
  }

  private async layout(table: Table, anew: boolean): Promise<Layout> {
    const generation = await reachable(this.known.generation(this.projection.name, this.shape, anew));
    if (generation === undefined) throw new TablesNotReady(this.projection.name);
    if (generation !== this.generation) {
      const layouts = layoutsOf(this.names.schema, this.projection, generation);
      this.layouts = new Map([...layouts.values()].map((layout) => [layout.table, layout]));
      this.generation = generation;
    }
    const layout = this.layouts.get(table);
    if (!layout) throw new Error(`projection ${this.projection.name} has no such table`);
    return layout;
  }

  private moment(at: At | undefined): Moment | undefined {
    if (at === undefined) return undefined;
    const { position, recordedAt, occurredAt } = momentOf(at);
    if (position !== undefined) return { position: sql('?::text', positionOf(position)), effective: occurredAt };
    if (recordedAt === undefined) return { effective: occurredAt };
    const { moment } = this.names;
    const last = `SELECT m.position FROM ${moment} m WHERE m.recorded <= ?::bigint ORDER BY m.recorded DESC LIMIT 1`;
    return { position: sql(`coalesce((${last}), '')`, recordedAt), effective: occurredAt };
  }
}

/** Rows by key, each behind the number of its key. */
function manySql(layout: Layout, arrays: readonly string[], moment: Moment | undefined): Sql {
  const sent = layout.key.map(sentAs);
  const keys = `unnest(${sent.map(({ type }) => `?::${type}[]`).join(', ')}) WITH ORDINALITY AS k(${sent
    .map((_, at) => `k${at}`)
    .join(', ')}, _at)`;
  const same = layout.key
    .map((column, at) => {
      const equal = column.nullable ? 'IS NOT DISTINCT FROM' : '=';
      return `t.${quote(column.name)} ${equal} ${sent[at]!.read(`k.k${at}`)}`;
    })
    .join(' AND ');
  const from = (table: string, bound: Sql): Sql => ({
    text: `SELECT k._at, ${list(layout.columns, 't')} FROM ${keys} JOIN ${table} t ON ${same} WHERE ${bound.text}`,
    values: [...arrays, ...bound.values],
  });
  if (!moment) return from(layout.live, sql('true'));
  const held = heldAt(layout.table, moment);
  if (!held.past) return from(layout.live, held.live);
  const [live, past] = [from(layout.live, held.live), from(layout.past, held.past)];
  return { text: `${live.text} UNION ALL ${past.text}`, values: [...live.values, ...past.values] };
}
