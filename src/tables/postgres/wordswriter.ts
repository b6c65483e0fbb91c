import { LRUCache } from 'lru-cache';
import type { Column } from '../columns';
import type { Entry } from '../rows';
import { wordsOf } from '../searchwords';
import type { Connection } from './driver';
import type { Errand } from './errand';
import { type Layout, quote, type Walk } from './schema';
import { vectorOf } from './search';
import { arrayOf, type Packed, sentAs } from './values';
import { MOST_BESIDE, walkOrder } from './walk';

const WORD = { name: 'word', kind: 'word', nullable: false } as const;
const BESIDE = { name: 'beside', kind: 'word', nullable: true } as const;
/** Words known to stand among the terms, which need not be written again. */
const KNOWN = 10_000;

/** Keeps the words of live texts, row by row. */
export class WordsWriter {
  private readonly textAt: number;
  private readonly at: readonly number[];
  private readonly order: readonly Column[];
  private readonly known = new LRUCache<string, true>({ max: KNOWN });

  constructor(
    private readonly connection: Connection,
    layout: Layout,
    private readonly walk: Walk,
  ) {
    this.order = walkOrder(layout, walk);
    this.textAt = layout.columns.indexOf(layout.search!);
    this.at = this.order.map((column) => layout.columns.indexOf(column));
  }

  clear(): void {
    this.known.clear();
  }

  change(entries: readonly Entry<Packed>[]): readonly Errand[] {
    const removed: (readonly Packed[])[] = [];
    const added: (readonly Packed[])[] = [];
    for (const { stored, packed } of entries) {
      const before = (stored?.[this.textAt] ?? null) as string | null;
      const after = (packed?.[this.textAt] ?? null) as string | null;
      if (before === after) continue;
      if (before !== null) removed.push(...this.rowsOf(stored!, before));
      if (after === null) continue;
      const rows = this.rowsOf(packed!, after);
      const beside = rows.length <= MOST_BESIDE ? vectorOf(after) : null;
      for (const row of rows) added.push([...row, beside]);
    }
    return [...this.remove(removed), ...this.add(added), ...this.learn(added.map(([word]) => word as string))];
  }

  private rowsOf(row: readonly Packed[], text: string): readonly (readonly Packed[])[] {
    const place = this.at.map((at) => row[at]!);
    return [...new Set(wordsOf(text))].map((word) => [word, ...place]);
  }

  private remove(rows: readonly (readonly Packed[])[]): readonly Errand[] {
    if (rows.length === 0) return [];
    const columns = [WORD, ...this.order];
    const names = ['_word', ...this.order.map(({ name }) => quote(name))];
    const same = names.map((name, at) => `t.${name} = ${sentAs(columns[at]!).read(`c${at}`)}`).join(' AND ');
    const text = `DELETE FROM ${this.walk.words} t USING ${unnested(columns)} WHERE ${same}`;
    const arrays = arraysOf(columns, rows);
    return [() => this.connection.prepared(text, arrays)];
  }

  private add(rows: readonly (readonly Packed[])[]): readonly Errand[] {
    if (rows.length === 0) return [];
    const columns = [WORD, ...this.order, BESIDE];
    const read = columns.map((column, at) => sentAs(column).read(`c${at}`));
    read[columns.length - 1] += '::tsvector';
    const text = `INSERT INTO ${this.walk.words} SELECT ${read.join(', ')} FROM ${unnested(columns)}`;
    const arrays = arraysOf(columns, rows);
    return [() => this.connection.prepared(text, arrays)];
  }

  private learn(words: readonly string[]): readonly Errand[] {
    const fresh = [...new Set(words)].filter((word) => !this.known.get(word));
    if (fresh.length === 0) return [];
    for (const word of fresh) this.known.set(word, true);
    const text = `INSERT INTO ${this.walk.terms} SELECT c0 FROM ${unnested([WORD])} ON CONFLICT DO NOTHING`;
    const array = arrayOf(WORD, fresh);
    return [() => this.connection.prepared(text, [array])];
  }
}

function arraysOf(columns: readonly Column[], rows: readonly (readonly Packed[])[]): readonly string[] {
  return columns.map((column, at) =>
    arrayOf(
      column,
      rows.map((row) => row[at]!),
    ),
  );
}

function unnested(columns: readonly Column[]): string {
  const arrays = columns.map((column, at) => `$${at + 1}::${sentAs(column).type}[]`).join(', ');
  return `unnest(${arrays}) AS u(${columns.map((_, at) => `c${at}`).join(', ')})`;
}
