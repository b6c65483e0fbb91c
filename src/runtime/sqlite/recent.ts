import { Recent } from '../lru';

type AnyRow = Record<string, unknown>;

/** Rows of one table kept. */
const ROWS = 4_000;
/** The share of pages found whole from which it pays to look for them first. */
const WORTHWHILE = 0.5;
/** Where it does not pay, it is tried again with one page in so many. */
const TRIED_AGAIN = 16;
const WEIGHT = 1 / 16;

/** A row's number, and, where it was asked for, the position since when the row is as it is. */
export type Mark = readonly [id: number, since?: number];

interface Kept {
  readonly row: AnyRow;
  readonly since: number | undefined;
  /** Where the tables stood when this was last known to be the row. */
  at: number;
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
 * Rows that lists gave lately, in the form callers see, by the number of the row. While the tables stand where they
 * stood, a row is what it was, and a list need only tell the numbers of its rows. When they have moved on, a temporal row
 * tells by the position it holds since whether it is still the one kept. So what a page asks the file for is a number or
 * two a row instead of every column, and a row that has changed is never taken for the one kept.
 */
export class RecentRows {
  private readonly rows = new Recent<number, Kept>(ROWS);
  /** Whether to look here for pages at the same place, and for pages told by their marks, before reading whole rows. */
  readonly byPlace = new Worth();
  readonly byMark = new Worth();

  /** The rows of a page, or undefined where one of them is not known at this very place. */
  at(place: number, marks: readonly Mark[]): readonly AnyRow[] | undefined {
    return this.page(this.byPlace, marks, (kept) => kept.at === place);
  }

  /** The same, where each row is told by the position since when it is as it is. */
  since(place: number, marks: readonly Mark[]): readonly AnyRow[] | undefined {
    return this.page(this.byMark, marks, (kept, since) => {
      if (kept.since !== since) return false;
      kept.at = place;
      return true;
    });
  }

  add(place: number, [id, since]: Mark, row: AnyRow): void {
    this.rows.set(id, { row, since, at: place });
  }

  private page(
    worth: Worth,
    marks: readonly Mark[],
    isStill: (kept: Kept, since: number | undefined) => boolean,
  ): readonly AnyRow[] | undefined {
    const rows: AnyRow[] = [];
    for (const [id, since] of marks) {
      const kept = this.rows.get(id);
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
