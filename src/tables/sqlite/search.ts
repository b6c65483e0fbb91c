import type { Database, SqlValue, Statement } from '../../store/sqlite/driver';
import { phrasesOf, wordsOf } from '../searchwords';
import { Inserts } from './inserts';
import { type Layout, list, quote, typed } from './schema';

/** Rows read at once while an index is filled. */
const PAGE = 5_000;
/** A beginning shared by more words than this is looked up as a beginning, which reads all their rows first. */
const ALTERNATIVES = 64;

/**
 * What is indexed are words already, and the tokenizer only has to leave them as they are. This one does: it parts at
 * ASCII that is no letter or digit, and takes everything beyond ASCII for letters. The others know the Unicode of 2012.
 */
export const TOKENIZER = 'ascii';
const FTS = `tokenize = ${TOKENIZER}, prefix = '2 3', content = '', contentless_delete = 1`;

/**
 * Word search of one table: an index of the live texts, one of texts that rows held once, and every word in either. An
 * index is walked in the order of its rows only for whole words, so a beginning is first made the words it begins.
 */
export function searchDdl(layout: Layout): readonly string[] {
  const ddl = [
    `CREATE VIRTUAL TABLE ${quote(layout.search)} USING fts5(text, ${FTS})`,
    `CREATE TABLE ${quote(layout.terms)} (term TEXT PRIMARY KEY) WITHOUT ROWID`,
  ];
  if (!layout.table.temporal) return ddl;
  const own = layout.key.map(typed).join(', ');
  return [
    ...ddl,
    `CREATE TABLE ${quote(layout.texts)} (_id INTEGER PRIMARY KEY, ${own}, _text TEXT NOT NULL, UNIQUE (${list(layout.key)}, _text))`,
    `CREATE VIRTUAL TABLE ${quote(layout.pastSearch)} USING fts5(text, ${FTS})`,
  ];
}

/** Takes the rows that are there into the indexes, step by step. */
export function* fillSearch(db: Database, layout: Layout): Iterable<void> {
  const terms = new Terms(db, layout);
  const text = quote(layout.table.search!);
  yield* fill(
    db,
    terms,
    layout.search,
    `SELECT ${quote(layout.rowid)} AS id, ${text} AS text FROM ${quote(layout.live)}`,
  );
  if (!layout.table.temporal) return;
  db.exec(`INSERT INTO ${quote(layout.texts)} (${list(layout.key)}, _text) ${lostTexts(layout, text)}`);
  yield;
  yield* fill(db, terms, layout.pastSearch, `SELECT _id AS id, _text AS text FROM ${quote(layout.texts)}`);
}

function* fill(db: Database, terms: Terms, index: string, texts: string): Iterable<void> {
  const page = db.prepareArrays<readonly [number, string]>(
    `SELECT id, text FROM (${texts}) WHERE id > ? AND text IS NOT NULL ORDER BY id LIMIT ${PAGE}`,
  );
  const indexed = new Inserts(db, `${quote(index)} (rowid, text)`, 2);
  for (let after = -1; ; ) {
    const rows = page.all(after);
    for (const [id, text] of rows) {
      indexed.value(id);
      indexed.value(terms.of(text));
      indexed.end();
    }
    if (rows.length < PAGE) break;
    after = rows.at(-1)![0];
    yield;
  }
  indexed.flush();
  yield;
  // A question looks into every part an index was written in; what was filled at once is made one part.
  db.exec(`INSERT INTO ${quote(index)} (${quote(index)}) VALUES ('optimize')`);
}

/** Only texts that the live row no longer holds: the others are found through it. */
function lostTexts({ key, live, past, moved, moving, rowid, table }: Layout, text: string): string {
  if (moved !== past && moving.some((column) => column.name === table.search)) {
    const named = key.map((column) => `l.${quote(column.name)}`).join(', ');
    return (
      `SELECT DISTINCT ${named}, p.${text} FROM ${quote(moved)} p CROSS JOIN ${quote(live)} l ON l.${quote(rowid)} = p._row ` +
      `WHERE p.${text} IS NOT NULL AND p.${text} IS NOT l.${text}`
    );
  }
  const same = key.map((column) => `l.${quote(column.name)} IS p.${quote(column.name)}`).join(' AND ');
  return (
    `SELECT DISTINCT ${list(key)}, ${text} FROM ${quote(past)} p WHERE ${text} IS NOT NULL ` +
    `AND NOT EXISTS (SELECT 1 FROM ${quote(live)} l WHERE ${same} AND l.${text} IS p.${text})`
  );
}

/** The words that texts are taken apart into, each kept once. */
class Terms {
  private readonly known = new Set<string>();
  private readonly insert: Statement;

  constructor(db: Database, layout: Layout) {
    this.insert = db.prepare(`INSERT OR IGNORE INTO ${quote(layout.terms)} VALUES (?)`);
  }

  /** The text as it is indexed. Keeps its words. */
  of(text: SqlValue): string {
    const words = wordsOf(String(text));
    for (const word of words) {
      if (this.known.has(word)) continue;
      this.insert.run(word);
      this.known.add(word);
    }
    return words.join(' ');
  }
}

/** Keeps the indexes of one table up to date, row by row. */
export class SearchWriter {
  private readonly column: number;
  private readonly key: readonly number[];
  private readonly terms: Terms;
  private readonly insert: Statement;
  private readonly remove: Statement;
  private readonly past: { readonly keep: Statement; readonly index: Statement } | undefined;

  constructor(db: Database, layout: Layout) {
    const { columns, key, table } = layout;
    this.column = columns.findIndex((column) => column.name === table.search);
    this.key = key.map((column) => columns.indexOf(column));
    this.terms = new Terms(db, layout);
    this.insert = db.prepare(`INSERT INTO ${quote(layout.search)} (rowid, text) VALUES (?, ?)`);
    this.remove = db.prepare(`DELETE FROM ${quote(layout.search)} WHERE rowid = ?`);
    if (!table.temporal) return;
    const marks = Array(key.length + 1).fill('?');
    this.past = {
      keep: db.prepare(`INSERT OR IGNORE INTO ${quote(layout.texts)} (${list(key)}, _text) VALUES (${marks})`),
      index: db.prepare(`INSERT INTO ${quote(layout.pastSearch)} (rowid, text) VALUES (?, ?)`),
    };
  }

  /** The live row changed from one stored form to another; undefined where there was or is none. */
  change(rowid: number, before: readonly SqlValue[] | undefined, after: readonly SqlValue[] | undefined): void {
    const old = before?.[this.column] ?? null;
    const text = after?.[this.column] ?? null;
    if (old === text) return;
    if (old !== null) this.remove.run(rowid);
    if (text !== null) this.insert.run(rowid, this.terms.of(text));
  }

  /** A row became past: the text it held stays findable for questions about that time. */
  keepText(past: readonly SqlValue[], next: readonly SqlValue[] | undefined): void {
    if (!this.past) return;
    const text = past[this.column] ?? null;
    if (text === null || next?.[this.column] === text) return;
    const written = this.past.keep.run(...this.key.map((at) => past[at]!), text);
    if (Number(written.changes) === 1) this.past.index.run(written.lastInsertRowid, this.terms.of(text));
  }
}

/** What finds all the phrases of a question in an index; undefined where nothing is asked. */
export function matchOf(
  layout: Layout,
  question: string | undefined,
  prepare: (sql: string) => Statement<readonly SqlValue[]>,
): string | undefined {
  const phrases = phrasesOf(question);
  if (phrases === undefined) return undefined;
  const begun = prepare(
    `SELECT term FROM ${quote(layout.terms)} WHERE term >= ? AND term < ? ORDER BY term LIMIT ${ALTERNATIVES + 1}`,
  );
  const matches = phrases.map((phrase) => {
    const beginning = phrase.at(-1)!;
    const terms = begun.all(beginning, `${beginning}\u{10ffff}`).map(([term]) => String(term));
    if (terms.length > ALTERNATIVES) return `"${phrase.join(' ')}"*`;
    // A beginning of no word is asked for as a word, which nothing holds.
    const whole = terms.length > 0 ? terms : [beginning];
    return `(${whole.map((term) => `"${[...phrase.slice(0, -1), term].join(' ')}"`).join(' OR ')})`;
  });
  return matches.join(' AND ');
}
