import { LRUCache } from 'lru-cache';

type AnyRow = Record<string, unknown>;

/** Rows of one table kept. */
const ROWS = 4_000;
/** The share of pages found whole from which it pays to look for them first. */
const WORTHWHILE = 0.5;
/** Where it does not pay, it is tried again with one page in so many. */
const TRIED_AGAIN = 16;
const WEIGHT = 1 / 16;

/** What names a row, and, where it was asked for, the position since when the row is as it is. */
export type Mark<K extends string | number> = readonly [key: K, since?: unknown];

interface Kept {
  readonly row: AnyRow;
  readonly since: unknown;
  /** Where the tables stood when this was last known to be the row. */
  at: number | undefined;
}

/** How often looking for a page this way found all of it lately. */
class Worth {
  private share = WORTHWHILE;
  private turns = 0;

  get pays(): boolean {
    this.turns += 1;
    return this.share >= WORTHWHILE || this.turns % TRIED_AGAIN === 0;
  }

  found(whole: boolean): void {
    this.share += (Number(whole) - this.share) * WEIGHT;
  }
}

/**
 * Rows that lists gave lately, in the form callers see, by what names a row. While the tables stand where they stood, a
 * row is what it was, and a list need only tell which rows it has. When they have moved on, or nobody can say whether
 * they have, a temporal row tells by the position it holds since whether it is still the one kept. So what a page asks
 * for is a value or two a row instead of every column, and a row that has changed is never taken for the one kept.
 */
export class RecentRows<K extends string | number> {
  private readonly rows = new LRUCache<K, Kept>({ max: ROWS });
  /** Whether to look here for pages at the same place, and for pages told by their marks, before reading whole rows. */
  readonly byPlace = new Worth();
  readonly byMark = new Worth();

  /** The rows of a page, or undefined where one of them is not known at this very place. */
  at(place: number, marks: readonly Mark<K>[]): readonly AnyRow[] | undefined {
    return this.page(this.byPlace, marks, (kept) => kept.at === place);
  }

  /** The same, where each row is told by the position since when it is as it is. `place`: where that was so. */
  since(marks: readonly Mark<K>[], place?: number): readonly AnyRow[] | undefined {
    return this.page(this.byMark, marks, (kept, since) => {
      if (kept.since !== since) return false;
      kept.at = place;
      return true;
    });
  }

  add([key, since]: Mark<K>, row: AnyRow, place?: number): void {
    this.rows.set(key, { row, since, at: place });
  }

  private page(
    worth: Worth,
    marks: readonly Mark<K>[],
    isStill: (kept: Kept, since: unknown) => boolean,
  ): readonly AnyRow[] | undefined {
    const rows: AnyRow[] = [];
    for (const [key, since] of marks) {
      const kept = this.rows.get(key);
      if (kept === undefined || !isStill(kept, since)) {
        worth.found(false);
        return undefined;
      }
      rows.push(kept.row);
    }
    worth.found(true);
    return rows;
  }
}

/** The recent rows of every table one reader reads. A table built anew has a layout of its own, and so begins with none. */
export class RecentTables<L extends object, K extends string | number> {
  private readonly tables = new WeakMap<L, RecentRows<K>>();

  of(layout: L): RecentRows<K> {
    let rows = this.tables.get(layout);
    if (!rows) {
      rows = new RecentRows();
      this.tables.set(layout, rows);
    }
    return rows;
  }
}
