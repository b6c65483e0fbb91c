import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Database, openDatabase } from '../sqlite';
import { phrasesOf, wordsOf } from './words';

const LETTERS = [...'abz AZ09-_.ÀéÅñüßØøĐđŁłſœ éñ ςΣσάΆЖйЙ漢字가'];
let directory: string;
let db: Database;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-words-'));
  db = openDatabase(join(directory, 'words.sqlite'));
  db.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')`);
  db.exec(`CREATE VIRTUAL TABLE words USING fts5vocab(texts, 'row')`);
});

afterAll(() => {
  db.close();
  rmSync(directory, { recursive: true });
});

function wordsOfSqlite(text: string): readonly string[] {
  db.exec('DELETE FROM texts');
  db.prepare('INSERT INTO texts VALUES (?)').run(text);
  return db
    .prepareArrays<readonly [string]>('SELECT term FROM words ORDER BY term')
    .all()
    .map(([term]) => term);
}

describe('the words of a text', () => {
  it('are those that the tokenizer of SQLite finds', () => {
    const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 12 }).map((letters) => letters.join(''));
    const sorted = (words: readonly string[]) =>
      [...new Set(words)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    fc.assert(fc.property(text, (each) => expect(sorted(wordsOf(each))).toEqual(wordsOfSqlite(each))));
  });

  it('stand side by side where a question joins them', () => {
    expect(phrasesOf('Crème e-mail')).toEqual([['creme'], ['e'], ['mail']]);
    expect(phrasesOf(' - ')).toEqual([]);
  });
});
