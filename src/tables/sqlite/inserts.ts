import type { Database, SqlValue, Statement } from '../../store/sqlite/driver';

/** Rows in one statement, where so many wait, and values in it at most. */
const TOGETHER = 50;
const VALUES = 1_000;

/**
 * Rows on their way into one table, in the order they came. Asking the driver and starting a statement costs as much as
 * writing a row, so many go in one statement. Whoever reads the table, or commits, flushes first.
 */
export class Inserts {
  private readonly one: Statement;
  private many: Statement | undefined;
  private readonly waiting: SqlValue[];
  private count = 0;

  /** @param into table, and columns where not all are given, as SQL */
  constructor(
    private readonly db: Database,
    private readonly into: string,
    private readonly width: number,
  ) {
    this.one = this.prepare(1);
    this.waiting = new Array(width * Math.max(1, Math.min(TOGETHER, Math.floor(VALUES / width)))).fill(null);
  }

  /** The values of a row, one after the other, and then `end`. */
  value(value: SqlValue): void {
    this.waiting[this.count++] = value;
  }

  values(values: readonly SqlValue[]): void {
    for (let at = 0; at < values.length; at++) this.waiting[this.count++] = values[at]!;
  }

  end(): void {
    const { waiting, width } = this;
    if (this.count < waiting.length) return;
    this.many ??= this.prepare(waiting.length / width);
    this.many.run(...waiting);
    this.count = 0;
  }

  flush(): void {
    const { waiting, width, count } = this;
    for (let at = 0; at < count; at += width) this.one.run(...waiting.slice(at, at + width));
    this.count = 0;
  }

  private prepare(rows: number): Statement {
    const row = `(${Array(this.width).fill('?').join(', ')})`;
    return this.db.prepare(`INSERT INTO ${this.into} VALUES ${Array(rows).fill(row).join(', ')}`);
  }
}
