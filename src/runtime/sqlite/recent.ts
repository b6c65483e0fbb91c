import { Recent } from '../lru';

type AnyRow = Record<string, unknown>;

/** Rows of one table kept, and the share of pages found whole from which it pays to look for them first. */
const ROWS = 4_000;
const WORTHWHILE = 0.5;
/** Where it does not pay, it is tried again with one page in so many. */
const TRIED_AGAIN = 16;
const WEIGHT = 1 / 16;

/**
 * Rows lists gave lately, in the form callers see. Each is known by its number and by the position since when it is as
 * it is, so a row that has changed is never taken for the one kept: what a list asks the file for is then two numbers a
 * row instead of every column. Pages that many people look at come whole from here; the way through a table once does not.
 */
export class RecentRows {
  private readonly rows = new Recent<number, Kept>(ROWS);
  private share = WORTHWHILE;
  private turns = 0;

  /** Whether to look here before reading whole rows. */
  get pays(): boolean {
    this.turns += 1;
    return this.share >= WORTHWHILE || this.turns % TRIED_AGAIN === 0;
  }

  /** The rows of a page, or undefined where one of them is not here as it is now. */
  page(marks: readonly Mark[]): readonly AnyRow[] | undefined {
    const rows: AnyRow[] = [];
    for (const [id, since] of marks) {
      const kept = this.rows.get(id);
      if (kept?.since !== since) {
        this.share -= this.share * WEIGHT;
        return undefined;
      }
      rows.push(kept.row);
    }
    this.share += (1 - this.share) * WEIGHT;
    return rows;
  }

  add([id, since]: Mark, row: AnyRow): void {
    this.rows.set(id, { since, row });
  }
}

/** The number of a row, and the position since when it is as it is. */
export type Mark = readonly [id: number, since: number];

interface Kept {
  readonly since: number;
  readonly row: AnyRow;
}
