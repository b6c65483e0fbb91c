import type { Page } from '../../../projections/page';
import { encodeCursor } from '../ids';
import type { Moment } from '../moment';

interface Listing<R, V> {
  /** Names the list in its cursors: the cursor of one list is refused by another. */
  readonly list: string;
  /** The part of a row that a page goes on behind. */
  readonly mark: (row: R, index: number) => unknown;
  readonly view: (row: R) => V;
  readonly hasPrevious: boolean;
}

/** A page as Relay wants it; nothing is computed that is not asked for. */
export class Connection<R, V> {
  #nodes: readonly V[] | undefined;

  constructor(
    readonly page: Page<R>,
    readonly moment: Moment,
    readonly listing: Listing<R, V>,
  ) {}

  get computedAt(): string {
    return this.moment.computedAt;
  }

  get nodes(): readonly V[] {
    this.#nodes ??= this.page.rows.map((row) => this.listing.view(row));
    return this.#nodes;
  }

  get edges(): readonly { readonly cursor: string; readonly node: V }[] {
    return this.nodes.map((node, index) => ({ cursor: this.#cursor(index), node }));
  }

  get pageInfo(): object {
    const { rows, hasNext } = this.page;
    const cursor = (index: number): string | null => (rows.length === 0 ? null : this.#cursor(index));
    return {
      hasNextPage: hasNext,
      hasPreviousPage: this.listing.hasPrevious,
      get startCursor() {
        return cursor(0);
      },
      get endCursor() {
        return cursor(rows.length - 1);
      },
    };
  }

  #cursor(index: number): string {
    return encodeCursor(this.listing.list, this.listing.mark(this.page.rows[index] as R, index));
  }
}
