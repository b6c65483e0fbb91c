import type { Column } from '../columns';
import type { Connection } from './driver';
import type { Errand } from './errand';
import { copyField, type Packed } from './values';

/** Characters that are gathered before they are made bytes. */
const CHUNK = 65_536;

/**
 * Rows on their way into a table by COPY. They wait as bytes outside the heap: thousands of small texts that live until
 * a batch is written would be moved about by every collection of garbage.
 */
export class CopyLines {
  private text = '';
  private chunks: Buffer[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly into: string,
    private readonly columns: readonly Column[],
  ) {}

  /** @param rest what stands behind the columns, as COPY takes it */
  add(row: readonly Packed[], rest: string): void {
    let line = '';
    for (let at = 0; at < row.length; at++) {
      if (at > 0) line += '\t';
      line += copyField(this.columns[at]!, row[at]!);
    }
    this.text += `${line}${rest}\n`;
    if (this.text.length >= CHUNK) this.cut();
  }

  clear(): void {
    this.text = '';
    this.chunks = [];
  }

  /** What was added so far, to be written; nothing where there is nothing. */
  take(): readonly Errand[] {
    this.cut();
    const { chunks } = this;
    if (chunks.length === 0) return [];
    this.chunks = [];
    return [() => this.connection.copy(this.into, chunks)];
  }

  private cut(): void {
    if (this.text === '') return;
    this.chunks.push(Buffer.from(this.text));
    this.text = '';
  }
}

/** Times that stand behind the columns of a row, as COPY takes them. */
export function copyTimes(...times: readonly Packed[]): string {
  return times.map((time) => `\t${time ?? '\\N'}`).join('');
}
