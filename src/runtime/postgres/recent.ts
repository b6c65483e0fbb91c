import { Recent } from '../lru';

type AnyRow = Record<string, unknown>;

/** Rows of one table kept. */
const ROWS = 4_000;
/** The share of pages found whole from which it pays to look for them first. */
const WORTHWHILE = 0.5;
/** Where it does not pay, it is tried again with one page in so many. */
const TRIED_AGAIN = 16;
const WEIGHT = 1 / 16;

/** The key of a row as the server told it, and behind it the position since when the row is as it is. */
export type Mark = readonly unknown[];

/**
 * Rows that lists gave lately, in the form callers see. One that is told by its key and by the position it holds since is
 * the one kept, or another one that is not: so a page that many people look at asks the server for its marks alone, and a
 * row that has changed is never taken for what it was.
 */
export class RecentRows {
  private readonly rows = new Recent<string, { readonly since: unknown; readonly row: AnyRow }>(ROWS);
  private share = WORTHWHILE;
  private turns = 0;

  /** Whether to look here before asking for whole rows. */
  get pays(): boolean {
    this.turns += 1;
    return this.share >= WORTHWHILE || this.turns % TRIED_AGAIN === 0;
  }

  /** The rows of a page, or undefined where one of them is not here as it is now. */
  page(marks: readonly Mark[]): readonly AnyRow[] | undefined {
    const rows: AnyRow[] = [];
    for (const mark of marks) {
      const kept = this.rows.get(nameOf(mark));
      if (kept === undefined || kept.since !== mark.at(-1)) {
        this.share -= this.share * WEIGHT;
        return undefined;
      }
      rows.push(kept.row);
    }
    this.share += (1 - this.share) * WEIGHT;
    return rows;
  }

  add(mark: Mark, row: AnyRow): void {
    this.rows.set(nameOf(mark), { since: mark.at(-1), row });
  }
}

function nameOf(mark: Mark): string {
  if (mark.length === 2) return String(mark[0]);
  let name = '';
  for (let at = 0; at < mark.length - 1; at++) name += mark[at] === null ? '\u0001' : `${String(mark[at])}\u0000`;
  return name;
}
