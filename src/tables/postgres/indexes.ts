import type { Column } from '../columns';
import type { Entry as EntryOf } from '../rows';
import type { Connection } from './driver';
import type { Errand } from './errand';
import { type Layout, list, type Side, sideColumns, sideNames } from './schema';
import { vectorOf } from './search';
import { arrayOf, itemsOf, type Packed, sentAs } from './values';
import { WordsWriter } from './wordswriter';

type Entry = EntryOf<Packed>;

const WORD = { name: 'word', kind: 'word', nullable: false } as const;
const TEXT = { name: 'text', kind: 'text', nullable: false } as const;
const FLAG = { name: 'flag', kind: 'boolean', nullable: false } as const;

function errand(connection: Connection, text: string, arrays: readonly string[]): Errand {
  return () => connection.prepared(text, arrays);
}

/** A text of a key, and whether its live row holds it. */
interface Text {
  readonly key: readonly Packed[];
  readonly text: string;
  live: boolean;
}

/** List indexes and word search follow the rows; a change that does not concern them costs nothing. */
export class ReaderIndexes {
  private readonly textAt: number;
  private readonly keyAt: readonly number[];
  private readonly sides: readonly SideWriter[];
  private readonly words: WordsWriter | undefined;
  private readonly lost = new Map<string, Text>();

  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
  ) {
    this.textAt = layout.search === undefined ? -1 : layout.columns.indexOf(layout.search);
    this.keyAt = layout.key.map((column) => layout.columns.indexOf(column));
    this.sides = layout.sides.map((side) => new SideWriter(connection, layout, side));
    this.words = layout.walk && new WordsWriter(connection, layout, layout.walk);
  }

  clear(): void {
    this.lost.clear();
    this.words?.clear();
  }

  /** A row became past: the text it held stays findable for questions about that time. */
  keepText(past: readonly Packed[], next: readonly Packed[] | undefined): void {
    if (this.textAt < 0) return;
    const text = past[this.textAt] as string | null;
    if (text === null || next?.[this.textAt] === text) return;
    this.remember(this.lost, past, text, false);
  }

  /** What changed, to be written. */
  collect(entries: readonly Entry[]): readonly Errand[] {
    const errands = this.sides.flatMap((side) => side.change(entries));
    if (this.textAt < 0) return errands;
    const texts = new Map(this.lost);
    this.lost.clear();
    const removed: (readonly Packed[])[] = [];
    for (const { stored, packed } of entries) {
      const before = (stored?.[this.textAt] ?? null) as string | null;
      const after = (packed?.[this.textAt] ?? null) as string | null;
      // Lost for a moment within the batch, it is held after all.
      if (before === after && after !== null && texts.size > 0) this.holdAgain(texts, packed!, after);
      if (before === after) continue;
      if (before !== null && this.layout.table.temporal) this.remember(texts, stored!, before, false);
      else if (before !== null) removed.push(stored!);
      if (after !== null) this.remember(texts, packed!, after, true);
    }
    if (removed.length > 0) errands.push(this.remove(removed));
    if (texts.size > 0) errands.push(this.write([...texts.values()]));
    if (this.words) errands.push(...this.words.change(entries));
    return errands;
  }

  private remember(into: Map<string, Text>, row: readonly Packed[], text: string, live: boolean): void {
    const { key, name } = this.named(row, text);
    const known = into.get(name);
    if (known) known.live = live;
    else into.set(name, { key, text, live });
  }

  private holdAgain(lost: ReadonlyMap<string, Text>, row: readonly Packed[], text: string): void {
    const known = lost.get(this.named(row, text).name);
    if (known) known.live = true;
  }

  private named(row: readonly Packed[], text: string): { readonly key: readonly Packed[]; readonly name: string } {
    const key = this.keyAt.map((at) => row[at]!);
    return { key, name: JSON.stringify([key, text]) };
  }

  private write(texts: readonly Text[]): Errand {
    const { key, texts: table } = this.layout;
    const own: readonly Column[] = [...key, TEXT, TEXT, FLAG];
    const sent = own.map(sentAs);
    const read = sent.map(({ read }, at) => read(`c${at}`));
    read[key.length + 1] += '::tsvector';
    return errand(
      this.connection,
      `INSERT INTO ${table} SELECT ${read.join(', ')} FROM ${unnested(sent)} ` +
        `ON CONFLICT (${list(key)}, md5(_text)) DO UPDATE SET _live = excluded._live`,
      [
        ...key.map((column, at) =>
          arrayOf(
            column,
            texts.map((each) => each.key[at]!),
          ),
        ),
        arrayOf(
          TEXT,
          texts.map(({ text }) => text),
        ),
        arrayOf(
          TEXT,
          texts.map(({ text }) => vectorOf(text)),
        ),
        arrayOf(
          FLAG,
          texts.map(({ live }) => live),
        ),
      ],
    );
  }

  private remove(rows: readonly (readonly Packed[])[]): Errand {
    const { key, texts, columns } = this.layout;
    const sent = [...key, TEXT].map(sentAs);
    const same = [
      ...key.map((column, at) => `t."${column.name}" IS NOT DISTINCT FROM ${sent[at]!.read(`c${at}`)}`),
      `t._text = c${key.length}`,
    ];
    return errand(this.connection, `DELETE FROM ${texts} t USING ${unnested(sent)} WHERE ${same.join(' AND ')}`, [
      ...this.keyAt.map((at) =>
        arrayOf(
          columns[at]!,
          rows.map((row) => row[at]!),
        ),
      ),
      arrayOf(
        TEXT,
        rows.map((row) => row[this.textAt]!),
      ),
    ]);
  }
}

/** One declared index with a list column. */
class SideWriter {
  private readonly columns: readonly Column[];
  /** Where the columns stand in a row; -1 stands for the word. */
  private readonly at: readonly number[];
  private readonly listAt: number;

  constructor(
    private readonly connection: Connection,
    private readonly layout: Layout,
    private readonly side: Side,
  ) {
    const own = sideColumns(layout, side);
    this.columns = own.map((column) => (column === side.list ? WORD : column));
    this.at = own.map((column) => (column === side.list ? -1 : layout.columns.indexOf(column)));
    this.listAt = layout.columns.indexOf(side.list);
  }

  change(entries: readonly Entry[]): Errand[] {
    const errands: Errand[] = [];
    const removed: (readonly Packed[])[] = [];
    const added: (readonly Packed[])[] = [];
    for (const { stored, packed } of entries) {
      const same = stored && packed && this.at.every((at) => at < 0 || stored[at] === packed[at]);
      if (same && stored[this.listAt] === packed[this.listAt]) continue;
      const old = new Set(stored && itemsOf(stored[this.listAt]!));
      const now = new Set(packed && itemsOf(packed[this.listAt]!));
      for (const word of old) if (!same || !now.has(word)) removed.push(this.rowOf(stored!, word));
      for (const word of now) if (!same || !old.has(word)) added.push(this.rowOf(packed!, word));
    }
    const names = sideNames(this.layout, this.side);
    const sent = this.columns.map(sentAs);
    const read = sent.map(({ read }, at) => read(`c${at}`));
    if (removed.length > 0) {
      const same = names.map((name, at) => `t.${name} = ${read[at]}`).join(' AND ');
      const sql = `DELETE FROM ${this.side.name} t USING ${unnested(sent)} WHERE ${same}`;
      errands.push(errand(this.connection, sql, this.arrays(removed)));
    }
    if (added.length > 0) {
      const sql = `INSERT INTO ${this.side.name} (${names.join(', ')}) SELECT ${read.join(', ')} FROM ${unnested(sent)}`;
      errands.push(errand(this.connection, sql, this.arrays(added)));
    }
    return errands;
  }

  private rowOf(row: readonly Packed[], word: string): readonly Packed[] {
    return this.at.map((at) => (at < 0 ? word : row[at]!));
  }

  private arrays(rows: readonly (readonly Packed[])[]): readonly string[] {
    return this.columns.map((column, at) =>
      arrayOf(
        column,
        rows.map((row) => row[at]!),
      ),
    );
  }
}

function unnested(sent: readonly { readonly type: string }[]): string {
  const arrays = sent.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ');
  return `unnest(${arrays}) AS u(${sent.map((_, at) => `c${at}`).join(', ')})`;
}
