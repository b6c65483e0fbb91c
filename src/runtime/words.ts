/**
 * Words as search sees them, the same in every engine: runs of letters and digits, without case, and without what a
 * keyboard of another country lacks. Accents of Latin, Greek and Cyrillic letters go, `ß` is `ss`, `ø` is `o`, a wide or
 * raised letter is the plain one. The marks of other scripts stay: there they are letters like any other.
 */

/** Raised when a text gives other words than before: tables with words are then built anew. */
export const WORDS = 2;

const BETWEEN = /[^\p{L}\p{M}\p{N}\p{Co}]+/u;
const PLAIN = /^[\0-\x7f]*$/;
const ACCENTS = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu;
const HOLDS_A_LETTER = /[\p{L}\p{N}\p{Co}]/u;
/** Small letters that no table of Unicode takes apart. */
const OTHERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ð: 'd',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  þ: 'th',
  ŧ: 't',
  ς: 'σ',
};
const OTHER = new RegExp(`[${Object.keys(OTHERS).join('')}]`, 'g');
/** A word longer than this is only known by its beginning. Characters. */
const LONGEST = 400;

/** The words of a text in order. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  const take = (word: string): void => {
    if (HOLDS_A_LETTER.test(word)) words.push(word.slice(0, LONGEST));
  };
  for (const word of text.split(BETWEEN)) {
    if (PLAIN.test(word)) take(word.toLowerCase());
    // Taken apart, a sign may turn out to be several words: a half is a one and a two.
    else for (const part of folded(word).split(BETWEEN)) take(part);
  }
  return words;
}

function folded(word: string): string {
  const small = word.normalize('NFKD').replace(ACCENTS, '').toLowerCase();
  return small
    .replace(ACCENTS, '')
    .replace(OTHER, (letter) => OTHERS[letter]!)
    .normalize('NFC');
}

/**
 * What a question asks for: phrases that must all be found, the last word of each being the beginning of a word. A
 * phrase is one word, or the words that one sign turns out to be, side by side.
 */
export function phrasesOf(question: string | undefined): readonly (readonly string[])[] {
  const asked = question?.split(BETWEEN) ?? [];
  return asked.map(wordsOf).filter((phrase) => phrase.length > 0);
}
