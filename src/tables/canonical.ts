import { createHash } from 'node:crypto';
import type { Column } from './columns';
import type { TablesHash } from './engine';

/** Characters gathered before they are hashed. */
const CHUNK = 250_000;

/**
 * The canonical hash of one projection's tables, whichever engine keeps them: tables in name order, rows in key order,
 * past rows behind the live ones, values as they are written. A position is replaced by the ordinal of its event, and
 * the store's clock is left out, so the same events in another store hash the same. Nothing that is only one engine's
 * (numbers of words, rowids) is in it.
 */
export class Canonical {
  private readonly sha = createHash('sha256');
  private text = '';
  private rows = 0;

  constructor(private readonly ordinalOf: (position: number) => number) {}

  table(name: string): void {
    this.text += `${name}\n`;
  }

  past(name: string): void {
    this.text += `${name} past\n`;
  }

  /**
   * One row, its values in the order of the columns, which leave the store's clock out and end with the times between
   * which it held. Positions come as numbers. The array becomes the caller's no more.
   */
  row(columns: readonly Column[], values: unknown[]): void {
    for (let at = 0; at < values.length; at++) {
      if (columns[at]!.kind === 'position' && values[at] !== null) values[at] = this.ordinalOf(values[at] as number);
    }
    this.rows += 1;
    this.text += `${JSON.stringify(values)}\n`;
    if (this.text.length > CHUNK) this.flush();
  }

  digest(): TablesHash {
    this.flush();
    return { rows: this.rows, sha256: this.sha.digest('hex') };
  }

  private flush(): void {
    this.sha.update(this.text);
    this.text = '';
  }
}
