import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { WORD_CLASS } from '../domain/unicode';
import { type Database, openDatabase } from '../store/sqlite/driver';
import { holdsWord, phrasesOf, wordsOf } from './searchwords';
import { TOKENIZER } from './sqlite/search';

const LETTERS = [...'abz AZ09-_.ÀéÅñüßØøĐđŁłſœ éñ ςΣσάΆЖйЙ漢字가½™ﬁหि์\u0301ı'];
let directory: string;
let db: Database;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-words-'));
  db = openDatabase(join(directory, 'words.sqlite'));
  db.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = ${TOKENIZER})`);
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

  it('are left as they are by the tokenizer of SQLite', () => {
    fc.assert(
      fc.property(text, (each) => {
        const words = wordsOf(each);
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
    ['हिन्दी ไทย 漢字 가나', ['हिन्दी', 'ไท', 'ทย', 'ย', '漢字', '字', '가나', '나']],
    ['iPhone促销2024', ['iphone', '促销', '销', '2024']],
    ['ﾊﾞﾅｰ', ['バナ', 'ナー', 'ー']],
    ['Gesamt\u00adkonzept می\u200cخواهم', ['gesamtkonzept', 'ميخواهم']],
    ['مُحَمَّد شَلَّـوم שָׁלוֹם', ['محمد', 'شلوم', 'שלומ']],
    ['דף דפים', ['דפ', 'דפימ']],
    ['⼈⼝ 人口', ['人口', '口', '人口', '口']],
    ['അവർ അവര്\u200d', ['അവര്', 'അവര്']],
    ['أحمد إلى مدرسة ٢٠٢٤', ['احمد', 'الي', 'مدرسه', '2024']],
    ['5\ufe0f\u20e3 ❤\ufe0f', ['5']],
    ['\u037a ¨ \u200b', []],
    ['e-mail_v2.png', ['e', 'mail', 'v2', 'png']],
  ])('of %s are %s', (each, words) => {
    expect(wordsOf(each)).toEqual(words);
  });

  it('are each asked for by themselves, what stands without a separator side by side', () => {
    expect(phrasesOf('Crème e-mail')).toEqual([['creme'], ['e'], ['mail']]);
    expect(phrasesOf('½')).toEqual([['1', '2']]);
    expect(phrasesOf('促')).toEqual([['促']]);
    expect(phrasesOf('促销海')).toEqual([['促销', '销海']]);
    expect(phrasesOf('iPhone促销20')).toEqual([['iphone', '促销', '销', '20']]);
  });

  it('are not asked for where nothing is asked, and are none that a text holds where a question has none', () => {
    expect(phrasesOf(undefined)).toBeUndefined();
    for (const question of ['', ' - ', '\u037a', '\u00ad', '🎉', '\u{1e6c0}']) {
      expect(holdsWord(question)).toBe(false);
      expect(phrasesOf(question)).toEqual([['\ufffe']]);
      expect(wordsOf(`a ${question} \ufffe`)).not.toContain('\ufffe');
    }
    expect(holdsWord('é')).toBe(true);
  });

  it('count no more often than PostgreSQL keeps places of one word', () => {
    const words = wordsOf('あ'.repeat(300));
    expect(words.filter((word) => word === 'ああ')).toHaveLength(255);
    expect(words).toHaveLength(300);
  });

  it('are of the classes that this Node knows, as far as it knows the characters', () => {
    const listed = new RegExp(`[${WORD_CLASS}]`, 'u');
    // Letters of tone and quotation that part words, radicals, and planes that are kept for Han.
    const apart =
      /[\u02b9-\u02bf\u02c6-\u02d1\u02ec\u02ee\u2e9f\u2ef3\u2f00-\u2fd5]|[\u{20000}-\u{3ffff}]|\p{Cn}|\p{Co}/u;
    const strange: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const each = String.fromCodePoint(code);
      if (apart.test(each)) continue;
      if (listed.test(each) && !/[\p{L}\p{M}\p{N}]/u.test(each)) strange.push(code.toString(16));
    }
    expect(strange).toEqual([]);
  });
});
