import fc from 'fast-check';
import { sortKey } from './collation';

const bytes = (text: string): Buffer => Buffer.from(sortKey(text), 'utf8');
/** As both engines compare: by bytes of UTF-8. */
const byKey = (one: string, other: string): number => Buffer.compare(bytes(one), bytes(other));
const sorted = (titles: readonly string[]): readonly string[] => [...titles].sort(byKey);

it.each([
  ['numbers by their value', ['icon1', 'icon2', 'icon10', 'icon20', 'icon100', 'icon9999999999', 'icon10000000000']],
  ['accents beside the plain letter', ['Anna', 'Ärger', 'Arm', 'Birne', 'Öl', 'Omelett', 'Zebra']],
  ['capitals beside small letters, small first', ['a', 'A', 'b', 'B', 'ba', 'Bb']],
  ['case only where all letters and accents are the same', ['cafe', 'Cafe', 'café', 'CAFÉ', 'cafes']],
  ['words before longer words', ['de luge', 'De-luge', 'deluge']],
  ['punctuation, digits, letters', ['', '_', '-', '.', '(', '🎉', '1', 'a', 'α', 'а', 'א', 'ا', 'ก', '가', 'あ', '促']],
  ['kana without voice before kana with it', ['かく', 'カク', 'がく', 'かけ']],
  ['Thai by its consonants', ['กา', 'เกม', 'ขา', 'แขก']],
  ['Hangul by syllables', ['가', '가나', '각', '나', '하']],
  ['letters of one word written otherwise', ['Lodz', 'Łódź', 'Loek', 'Løek', 'strass', 'straß', 'strasse']],
])('sorts %s', (_what, titles) => {
  expect(sorted([...titles].reverse())).toEqual(titles);
  expect(sorted(titles)).toEqual(titles);
});

it('gives both forms of a text one key, and takes any white space for a space', () => {
  expect(sortKey('Cafe\u0301')).toBe(sortKey('Café'));
  expect(sortKey(' a\u00a0 \tb ')).toBe(sortKey('a b'));
  expect(sortKey('１２')).toBe(sortKey('١٢'));
});

const letter = fc.constantFrom(
  ...'aAbBzZéÉüÜñøßæœłđþŋəﬁ０',
  ...'0123456789',
  ...' _-,.!()&+',
  ...'αΑάβωςσΣ',
  ...'аАбёЁяіїґ',
  ...'אבתשׁ',
  ...'ابتيةى',
  ...'अआकखि्',
  ...'กขคาเแ่',
  ...'가각나',
  ...'あアぁがガんー',
  ...'促销夏海𠀀',
);
const title = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(''));

it('compares letters as the root collation of this Node does', () => {
  const root = new Intl.Collator('und', { numeric: true, sensitivity: 'base' });
  // Without Hangul: Unicode takes a syllable apart, and what follows one may then stand before another that is longer.
  const plain = fc
    .array(fc.constantFrom(...'abzéÉüøßæłđþŋə012 -_.αβωάбяёאבابتअकखกขค促销夏'), { maxLength: 8 })
    .map((letters) => letters.join('').trim().replace(/ +/g, ' '));
  fc.assert(
    fc.property(plain, plain, (one, other) => {
      const letters = (text: string) => Buffer.from(sortKey(text).split('\u0001')[0]!);
      expect(Math.sign(Buffer.compare(letters(one), letters(other)))).toBe(Math.sign(root.compare(one, other)));
    }),
    { numRuns: 5_000 },
  );
});

it('compares accents and case as the root collation of this Node does', () => {
  const root = new Intl.Collator('und', { numeric: true });
  const latin = fc
    .array(fc.constantFrom(...'abAByYéÉüÜ1 -'), { maxLength: 8 })
    .map((letters) => letters.join('').trim().replace(/ +/g, ' '));
  fc.assert(
    fc.property(latin, latin, (one, other) => {
      expect(Math.sign(byKey(one, other))).toBe(Math.sign(root.compare(one, other)));
    }),
    { numRuns: 5_000 },
  );
});

it('tells long texts apart, far behind their beginning', () => {
  const long = 'assets/icons/outline/24/'.repeat(20);
  expect(sorted([`${long}icon10`, `${long}icon2`])).toEqual([`${long}icon2`, `${long}icon10`]);
  expect(sorted([`${long}Icon`, `${long}icon`])).toEqual([`${long}icon`, `${long}Icon`]);
});

it('gives a key of bounded length that holds no half of a character, to any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      const key = sortKey(text);
      expect(key.length).toBeLessThanOrEqual(802);
      expect(key).not.toMatch(/\p{Surrogate}/u);
      expect(Buffer.byteLength(key)).toBeLessThan(2_600);
      expect(key).not.toContain('\0');
    }),
    { numRuns: 2_000 },
  );
});

it('stays the key of what was compared before, whatever stands behind', () => {
  fc.assert(
    fc.property(title, title, title, (one, other, more) => {
      if (sortKey(one) !== sortKey(other)) return;
      expect(sortKey(`${one} ${more}`)).toBe(sortKey(`${other} ${more}`));
    }),
  );
});
