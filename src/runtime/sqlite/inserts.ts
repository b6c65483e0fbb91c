import type { Database, SqlValue, Statement } from '../../sqlite';

/** Rows in one statement, where so many wait, and values in it at most. */
const TOGETHER = 50;
const VALUES = 1_000;

/**
 * Rows on their way into one table, in the order they came. Asking the driver and starting a statement costs as much as
 * writing a row, so many go in one statement. Whoever reads the table, or commits, flushes first.
 */
export class Inserts {
  private waiting: SqlValue[] = [];
  private readonly one: Statement;
  private many: Statement | undefined;
  /** How many values fill a statement. */
  private readonly full: number;

  /** @param into table, and columns where not all are given, as SQL */
  constructor(
    private readonly db: Database,
    private readonly into: string,
    private readonly width: number,
  ) {
    this.one = this.prepare(1);
    this.full = width * Math.max(1, Math.min(TOGETHER, Math.floor(VALUES / width)));
  }

  /** The values of a row, one after the other, and then `end`. */
  value(value: SqlValue): void {
    this.waiting.push(value);
  }

  values(values: readonly SqlValue[]): void {
    for (const value of values) this.waiting.push(value);
  }

  end(): void {
    if (this.waiting.length < this.full) return;
    this.many ??= this.prepare(this.full / this.width);
    this.many.run(...this.waiting);
    this.waiting.length = 0;
  }

  flush(): void {
    const { waiting, width } = this;
    for (let at = 0; at < waiting.length; at += width) this.one.run(...waiting.slice(at, at + width));
    waiting.length = 0;
  }

  private prepare(rows: number): Statement {
    const row = `(${Array(this.width).fill('?').join(', ')})`;
    return this.db.prepare(`INSERT INTO ${this.into} VALUES ${Array(rows).fill(row).join(', ')}`);
  }
}
