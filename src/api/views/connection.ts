import type { Mark } from '../../../projections/list';
import { encodeCursor } from '../ids';
import type { Moment } from '../moment';

interface Paged<V> {
  /** Identifies the list in its cursors: the cursor of one list is refused by another. */
  readonly named: string;
  readonly nodes: () => readonly V[];
  /** The sort values of each node, which make its cursor. */
  readonly marks: () => readonly Mark[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly count: () => number | Promise<number>;
}

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A page in Relay's form; nothing is computed unless selected. */
export class Connection<V> {
  #nodes: readonly V[] | undefined;
  #cursors: readonly string[] | undefined;

  constructor(
    readonly moment: Moment,
    readonly paged: Paged<V>,
  ) {}

  get computedAt(): string {
    return this.moment.computedAt;
  }

  get nodes(): readonly V[] {
    this.#nodes ??= this.paged.nodes();
    return this.#nodes;
  }

  get edges(): readonly { readonly cursor: string; readonly node: V }[] {
    return this.nodes.map((node, index) => ({ cursor: this.#cursorsOf()[index]!, node }));
  }

  get pageInfo(): PageInfo {
    const { hasNext, hasPrevious } = this.paged;
    const cursor = (index: number): string | null => this.#cursorsOf().at(index) ?? null;
    return {
      hasNextPage: hasNext,
      hasPreviousPage: hasPrevious,
      get startCursor() {
        return cursor(0);
      },
      get endCursor() {
        return cursor(-1);
      },
    };
  }

  /** Number of rows over all pages. */
  count(): number | Promise<number> {
    return this.paged.count();
  }

  #cursorsOf(): readonly string[] {
    this.#cursors ??= this.paged.marks().map((mark) => encodeCursor(this.paged.named, mark));
    return this.#cursors;
  }
}
