import { positionOf } from '../../store/instant';
import type { SqlValue } from '../../store/sqlite/driver';
import { TablesNotReady } from '../engine';
import { heldAt } from '../held';
import { momentOf } from '../numbers';
import type { Projection, Row, Table } from '../projection';
import type { At, Conditions, Counting, Grouped, Grouping, ProjectionReader, Selection } from '../reader';
import { type Mark, RecentTables } from '../recent';
import { oneSql } from './bykey';
import type { ReadConnection } from './connection';
import type { Moment, Prepared } from './related';
import { type Layout, layoutsOf, shapeOf } from './schema';
import { matchOf } from './search';
import { type AnySelection, countSql, groupSql, type SelectOptions, selectSql } from './select';
import { type Sql, sql } from './sql';
import { packQuestion, unpack } from './values';
import { isWalkable, ROUNDS, walkSql } from './walk';

type AnyRow = Record<string, unknown>;

/** Reads one projection's live tables, whatever generation they are in. */
export class SqliteReader implements ProjectionReader {
  private layouts: ReadonlyMap<Table, Layout> | undefined;
  private readonly recentTables = new RecentTables<Layout, number>();
  private readonly shape: string;

  constructor(
    private readonly connection: ReadConnection,
    private readonly projection: Projection,
  ) {
    this.shape = shapeOf(projection);
  }

  async get<T extends Table>(table: T, key: Partial<Row<T>>, at?: At): Promise<Row<T> | undefined> {
    return (await this.getMany(table, [key], at))[0];
  }

  async getMany<T extends Table>(
    table: T,
    keys: readonly Partial<Row<T>>[],
    at?: At,
  ): Promise<readonly (Row<T> | undefined)[]> {
    return this.read(table, at, (layout, moment) =>
      keys.map((key) => this.one(layout, key as AnyRow, moment) as Row<T> | undefined),
    );
  }

  async select<T extends Table>(table: T, selection: Selection<Row<T>>): Promise<readonly Row<T>[]> {
    const { at } = selection;
    if (at === undefined) return this.read(table, at, (layout) => this.now(layout, selection) as readonly Row<T>[]);
    const walks = this.read(table, at, (layout) =>
      isWalkable(layout, this.asked(layout, selection), this.creations(layout)),
    );
    for (const round of walks ? [...ROUNDS, undefined] : [undefined]) {
      const { rows, made } = await this.ask(table, at, (layout, moment) => {
        const asked = this.asked(layout, selection);
        const { words } = this.connection;
        if (round === undefined) return { layout, ...selectSql(layout, asked, words, { moment, form: 'rows' }) };
        const how = { moment: moment!, creations: this.creations(layout), round, latest: this.latest(at) };
        return { layout, ...walkSql(layout, asked, words, how) };
      });
      if (round !== undefined && rows.length < selection.limit) continue;
      return rows.map((values) => this.unpack(made.layout, values) as Row<T>);
    }
    return [];
  }

  async count<T extends Table>(table: T, counting: Counting<Row<T>>): Promise<number> {
    const { rows } = await this.ask(table, counting.at, (layout, moment) => {
      const asked = { ...this.prepared(layout, counting), by: counting.by };
      return countSql(layout, asked, this.connection.words, moment);
    });
    return rows[0]![0] as number;
  }

  async group<T extends Table>(table: T, grouping: Grouping<Row<T>>): Promise<readonly Grouped<Row<T>>[]> {
    const { rows, made } = await this.ask(table, grouping.at, (layout, moment) => {
      const asked = { ...grouping, ...this.prepared(layout, grouping) } as Parameters<typeof groupSql>[1];
      return groupSql(layout, asked, this.connection.words, moment);
    });
    return rows.map((row) => {
      const group: AnyRow = {};
      made.columns.forEach(({ name, column }, at) => {
        group[name] = column ? unpack(column, row[at]!, this.connection.words) : row[at];
      });
      return group as Grouped<Row<T>>;
    });
  }

  async position(): Promise<string> {
    this.layouts ??= this.findLayouts();
    const place = this.connection.place(this.projection.name);
    if (place === undefined) throw new TablesNotReady(this.projection.name);
    return positionOf(place.position);
  }

  /**
   * What may take long is read in a thread, and here where it was quick lately. Tables that have moved on meanwhile, or
   * were replaced, are asked again: then for what was so where they stood.
   */
  private async ask<S extends Sql>(
    table: Table,
    at: At | undefined,
    statement: (layout: Layout, moment: Moment | undefined) => S,
  ): Promise<{ readonly rows: readonly (readonly SqlValue[])[]; readonly made: S }> {
    const { aside } = this.connection;
    const { name } = this.projection;
    for (let left = 1; ; left--) {
      const { made, here, place } = this.read(table, at, (layout, moment) => {
        const found = statement(layout, moment);
        const isHere = aside === undefined || aside.isQuick(found.text);
        const rows = isHere ? this.timed(found) : undefined;
        return { made: found, here: rows, place: this.connection.place(name)!.position };
      });
      if (here) return { rows: here, made };
      try {
        const { rows, position, milliseconds } = await aside!.read(name, made.text, made.values);
        aside!.took(made.text, milliseconds);
        if (position === place || (at && ('position' in at || 'recordedAt' in at))) return { rows, made };
        return await this.ask(table, { ...at, position: positionOf(place) }, statement);
      } catch (error) {
        if (left === 0 || !String(error).includes('no such table')) throw error;
        this.connection.turn.leave();
        this.layouts = undefined;
      }
    }
  }

  private timed({ text, values }: Sql): readonly (readonly SqlValue[])[] {
    const began = performance.now();
    const rows = this.connection.prepare(text).all(...values);
    this.connection.aside?.took(text, performance.now() - began);
    return rows;
  }

  /** Tables are replaced as a whole when a rebuild ends: then the answer comes from the new ones. */
  private read<A>(table: Table, at: At | undefined, answer: (layout: Layout, moment: Moment | undefined) => A): A {
    this.connection.turn.enter();
    try {
      return answer(this.layout(table), at && this.moment(at));
    } catch (error) {
      if (!String(error).includes('no such table')) throw error;
      this.connection.turn.leave();
      this.connection.turn.enter();
      this.layouts = undefined;
      return answer(this.layout(table), at && this.moment(at));
    }
  }

  private layout(table: Table): Layout {
    this.layouts ??= this.findLayouts();
    const layout = this.layouts.get(table);
    if (!layout) throw new Error(`projection ${this.projection.name} has no such table`);
    return layout;
  }

  private findLayouts(): ReadonlyMap<Table, Layout> {
    const standing = this.connection.state.find(this.projection.name, 'live');
    if (standing?.shape !== this.shape) throw new TablesNotReady(this.projection.name);
    const layouts = layoutsOf(this.projection, standing.generation);
    return new Map([...layouts.values()].map((layout) => [layout.table, layout]));
  }

  private now(layout: Layout, selection: object): readonly AnyRow[] {
    const asked = this.asked(layout, selection);
    if (layout.identity !== 'key') return this.recent(layout, asked);
    return this.run(layout, asked, { form: 'rows' }).map((values) => this.unpack(layout, values));
  }

  /** What the file is asked for is as little as tells which rows these are, where those are known from earlier lists. */
  private recent(layout: Layout, asked: AnySelection): readonly AnyRow[] {
    const recent = this.recentTables.of(layout);
    const { position } = this.connection.place(this.projection.name)!;
    const how = { creations: this.creations(layout) };
    const { temporal } = layout.table;
    if (recent.byPlace.pays) {
      const rows = recent.at(position, this.run(layout, asked, { ...how, form: 'ids' }) as readonly Mark<number>[]);
      if (rows) return rows;
    }
    if (temporal && recent.byMark.pays) {
      const rows = recent.since(
        this.run(layout, asked, { ...how, form: 'marks' }) as readonly Mark<number>[],
        position,
      );
      if (rows) return rows;
    }
    const width = layout.columns.length;
    return this.run(layout, asked, { ...how, form: 'marked' }).map((values) => {
      const row = this.unpack(layout, values);
      recent.add(values.slice(width) as unknown as Mark<number>, row, position);
      return row;
    });
  }

  /** No event behind this position was done up to the moment; undefined where that is not known. */
  private latest(at: At): number | undefined {
    const { occurredAt } = momentOf(at);
    const { state } = this.connection;
    const isKnown = state.log().position >= this.connection.place(this.projection.name)!.position;
    return occurredAt === undefined || !isKnown ? undefined : state.lastActBy(occurredAt);
  }

  private creations({ name }: Layout): readonly string[] {
    return this.connection.place(this.projection.name)!.creations[name] ?? [];
  }

  private run(layout: Layout, asked: AnySelection, how: SelectOptions): readonly (readonly SqlValue[])[] {
    const { text, values } = selectSql(layout, asked, this.connection.words, how);
    return this.connection.prepare(text).all(...values);
  }

  private asked(layout: Layout, selection: object): AnySelection {
    const { order, limit, after, at } = selection as Selection<AnyRow>;
    return { ...this.prepared(layout, selection), order, limit, after, at } as AnySelection;
  }

  private prepared(layout: Layout, { where, search, some, anyOf }: Conditions): Prepared {
    return {
      where,
      match: matchOf(layout, search, (text) => this.connection.prepare(text)),
      some: some?.map((related) => ({ ...related, layout: this.layout(related.table) })),
      anyOf: anyOf?.map((group) => group.map((each) => this.prepared(layout, each))),
    };
  }

  private moment(at: At): Moment {
    const { position, recordedAt, occurredAt } = momentOf(at);
    const upTo = recordedAt === undefined ? position : this.connection.state.positionAt(recordedAt);
    return { effective: occurredAt, ...(upTo !== undefined && { position: sql('?', upTo) }) };
  }

  private one(layout: Layout, key: AnyRow, moment: Moment | undefined): AnyRow | undefined {
    const values: SqlValue[] = [];
    for (const column of layout.key) {
      const value = packQuestion(column, key[column.name], this.connection.words);
      if (value === undefined) return undefined;
      values.push(value);
    }
    const row = moment ? this.oneAt(layout, values, moment) : this.oneNow(layout, values);
    return row && this.unpack(layout, row);
  }

  private oneNow(layout: Layout, key: readonly SqlValue[]): readonly SqlValue[] | undefined {
    return this.connection.prepare(oneSql(layout, layout.live)).get(...key);
  }

  private oneAt(layout: Layout, values: readonly SqlValue[], moment: Moment): readonly SqlValue[] | undefined {
    const held = heldAt(layout.table, moment);
    const find = (from: string, { text, values: bound }: Sql) =>
      this.connection.prepare(`${oneSql(layout, from)} AND ${text} LIMIT 1`).get(...values, ...bound);
    return find(layout.live, held.live) ?? (held.past && find(layout.past, held.past));
  }

  private unpack(layout: Layout, values: readonly SqlValue[]): AnyRow {
    const row: AnyRow = {};
    const { columns } = layout;
    for (let at = 0; at < columns.length; at++) {
      row[columns[at]!.name] = unpack(columns[at]!, values[at]!, this.connection.words);
    }
    return row;
  }
}
