import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Database, openDatabase } from '../sqlite';
import { TOKENIZER } from './sqlite/search';
import { phrasesOf, wordsOf } from './words';

const LETTERS = [...'abz AZ09-_.ÀéÅñüßØøĐđŁłſœ éñ ςΣσάΆЖйЙ漢字가½™ﬁหि์\u0301ı'];
let directory: string;
let db: Database;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-words-'));
  db = openDatabase(join(directory, 'words.sqlite'));
  db.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = "${TOKENIZER}")`);
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
  const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 12 }).map((letters) => letters.join(''));
  const sorted = (words: readonly string[]) =>
    [...new Set(words)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

  it('are left as they are by the tokenizer of SQLite, and by being taken for a text again', () => {
    fc.assert(
      fc.property(text, (each) => {
        const words = wordsOf(each);
        expect(wordsOf(words.join(' '))).toEqual(words);
        expect(wordsOfSqlite(words.join(' '))).toEqual(sorted(words));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['Łódź Øresund Straße', ['lodz', 'oresund', 'strasse']],
    ['ŒUVRE Æon naïve', ['oeuvre', 'aeon', 'naive']],
    ['Ἀθήνα ΑΘΗΝΑΣ', ['αθηνα', 'αθηνασ']],
    ['Ёлка Київ', ['елка', 'киів']],
    ['ﬁnal m² ＡＢＣ', ['final', 'm2', 'abc']],
    ['½ price', ['1', '2', 'price']],
    ['हिन्दी ไทย 漢字 가나', ['हिन्दी', 'ไทย', '漢字', '가나']],
    ['e-mail_v2.png', ['e', 'mail', 'v2', 'png']],
  ])('of %s are %s', (each, words) => {
    expect(wordsOf(each)).toEqual(words);
  });

  it('are each asked for by themselves, those of one sign side by side', () => {
    expect(phrasesOf('Crème e-mail')).toEqual([['creme'], ['e'], ['mail']]);
    expect(phrasesOf('½')).toEqual([['1', '2']]);
    expect(phrasesOf(' - ')).toEqual([]);
  });
});
