import type { Stretch } from '../late';
import type { AnyRow } from '../rows';
import type { Connection } from './driver';
import type { Errand } from './errand';
import { keyArrays, keysAsked, NUMBER, sameKey } from './live';
import { type Layout, list, pastKeyDdl } from './schema';
import { arrayOf, type Packed, pack, packedOf, rowOf } from './values';

const PLACE = { name: 'place', kind: 'position', nullable: false } as const;

/** What names a past row: its key, as the row holds it, and where it came into force. */
export interface Ended {
  readonly packed: readonly Packed[];
  readonly from: string;
  readonly fromEffective: number;
}

/** The past rows that still hold over a stretch of effective time, and their ends, which only late events bring. */
export class PastEnds {
  private ended: { readonly past: Ended; readonly position: string }[] = [];
  private readonly wanted = new Map<string, AnyRow>();
  private readonly known = new Map<string, Stretch<Ended>[]>();
  /** Until tables are sealed, their past rows have no index. */
  private indexed = false;

  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
  ) {}

  clear(): void {
    this.ended = [];
    this.forget();
  }

  /** The rows in memory are those of one event. */
  forget(): void {
    this.wanted.clear();
    this.known.clear();
  }

  /** The past rows of a key that hold after the event; undefined where they must be loaded first. */
  lasting(name: string, key: AnyRow): readonly Stretch<Ended>[] | undefined {
    const known = this.known.get(name);
    if (!known) this.wanted.set(name, key);
    return known;
  }

  /** Loads what was asked for in vain: rows that end after an effective time. */
  async load(after: number): Promise<void> {
    if (this.wanted.size === 0) return;
    const { layout, connection } = this;
    const { columns, key, past } = layout;
    if (!this.indexed) await connection.script(pastKeyDdl(layout));
    this.indexed = true;
    const names = [...this.wanted.keys()];
    const keys = [...this.wanted.values()];
    this.wanted.clear();
    for (const name of names) this.known.set(name, []);
    const arrays = key.map((column) =>
      arrayOf(
        column,
        keys.map((each) => pack(column, each[column.name])),
      ),
    );
    const rows = await connection.prepared(
      `SELECT k._at, ${list(columns, 't')}, t._from, t._from_effective, t._to_effective FROM ${keysAsked(layout)} ` +
        `JOIN ${past} t ON ${sameKey(layout)} WHERE t._until IS NULL AND t._to_effective > $${key.length + 1} ` +
        'AND t._to_effective > t._from_effective ORDER BY t._from_effective',
      [...arrays, String(after)],
    );
    for (const [at, ...found] of rows) this.known.get(names[(at as number) - 1]!)!.push(this.stretch(found));
  }

  end(rows: readonly Ended[], position: string): void {
    for (const past of rows) this.ended.push({ past, position });
  }

  /** The ends, to be written. */
  take(): readonly Errand[] {
    const { ended, layout, connection } = this;
    if (ended.length === 0) return [];
    this.ended = [];
    const width = layout.key.length;
    const places = [1, 2, 3].map((n) => `$${width + n}`);
    const text =
      `UPDATE ${layout.past} t SET _until = e.until FROM ${keysAsked(layout)} JOIN ` +
      `unnest(${places[0]}::text[], ${places[1]}::bigint[], ${places[2]}::text[]) ` +
      'WITH ORDINALITY AS e(place, since, until, _at) ON e._at = k._at ' +
      `WHERE ${sameKey(layout)} AND t._from = e.place AND t._from_effective = e.since`;
    const arrays = [
      ...keyArrays(
        layout,
        ended.map(({ past }) => past.packed),
      ),
      arrayOf(
        PLACE,
        ended.map(({ past }) => past.from),
      ),
      arrayOf(
        NUMBER,
        ended.map(({ past }) => past.fromEffective),
      ),
      arrayOf(
        PLACE,
        ended.map(({ position }) => position),
      ),
    ];
    return [() => connection.prepared(text, arrays)];
  }

  private stretch(found: readonly unknown[]): Stretch<Ended> {
    const { columns } = this.layout;
    const [place, fromEffective, toEffective] = found.slice(columns.length) as [string, number, number];
    const packed = columns.map((column, at) => packedOf(column, found[at]));
    const row = rowOf(columns, found, 0);
    return { row, from: fromEffective, to: toEffective, past: { packed, from: place, fromEffective } };
  }
}
