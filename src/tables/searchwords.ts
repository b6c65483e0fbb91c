import { DIGITS, IGNORED_CLASS, UNSPACED_CLASS, WORD_CLASS } from '../domain/unicode';

/**
 * Words as search sees them, the same in every engine and on every Node: runs of letters and digits, without case, and
 * without what people do not type. Accents of Latin, Greek and Cyrillic letters go, and so do the points of Hebrew and
 * the vowel signs of Arabic; `ß` is `ss`, `ø` is `o`; letters of Arabic that are often typed for one another are one; a
 * wide or raised letter is the plain one, and a digit of any script the ASCII one. Format characters split nothing.
 *
 * A word is found by its beginning. Where a script is written without spaces, nobody knows its words: each pair of
 * neighbours is indexed as a word, and the last character by itself, so that every part of a run is found.
 *
 * All classes are lists in this code. What Node itself is asked for (normal forms, small letters) is asked only about
 * characters of those lists, for which Unicode promises never to change it.
 */

/** Raised when a text gives other words than before: tables with words are then built anew. */
export const WORDS = 4;

const BETWEEN = new RegExp(`[^${WORD_CLASS}]+`, 'u');
const IGNORED = new RegExp(`[${IGNORED_CLASS}]+`, 'gu');
const PIECES = new RegExp(`[${UNSPACED_CLASS}]+|[^${UNSPACED_CLASS}]+`, 'gu');
const UNSPACED = new RegExp(`^[${UNSPACED_CLASS}]`, 'u');
const PLAIN = /^[\0-\x7f]*$/;

/** Small letters that no table of Unicode takes apart, and letters of Arabic that are typed for one another. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ...DIGITS,
  ...Object.entries({
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
    '\u0671': '\u0627',
    '\u0649': '\u064a',
    '\u06cc': '\u064a',
    '\u06d2': '\u064a',
    '\u06a9': '\u0643',
    '\u0629': '\u0647',
    '\u06be': '\u0647',
    '\u06c1': '\u0647',
    '\u06d5': '\u0647',
    // The final letters of Hebrew, as in Greek; and Yiddish letters that are two.
    ך: 'כ',
    ם: 'מ',
    ן: 'נ',
    ף: 'פ',
    ץ: 'צ',
    '\u05f0': 'וו',
    '\u05f1': 'וי',
    '\u05f2': 'יי',
    // Letters of Malayalam without a vowel, which were a letter, a virama and a joiner before they were one character.
    '\u0d7a': '\u0d23\u0d4d',
    '\u0d7b': '\u0d28\u0d4d',
    '\u0d7c': '\u0d30\u0d4d',
    '\u0d7d': '\u0d32\u0d4d',
    '\u0d7e': '\u0d33\u0d4d',
    '\u0d7f': '\u0d15\u0d4d',
  }),
]);
const OTHER = new RegExp(`[${[...OTHERS.keys()].join('')}]`, 'gu');
/** A word longer than this is only known by its beginning. Characters. */
const LONGEST = 400;
/** PostgreSQL keeps no more places of one word in a text than this. */
const MOST_PLACES = 255;
/** Stand in no text: for a place of a word beyond those, and for what is asked where nothing can be found. */
const NO_WORD = '\uffff';
const NOTHING = '\ufffe';

/** ASCII, dashes and quotation marks: most titles are of nothing else, and then the lists need not be looked through. */
const QUICK = /^[\0-\x7f\u2010-\u2027]*$/;
const QUICK_BETWEEN = /[^0-9a-z]+/;

/** The words of a text in order, as they are indexed. */
export function wordsOf(text: string): readonly string[] {
  const words = QUICK.test(text) ? quickWords(text) : anyWords(text);
  return words.length > MOST_PLACES ? withoutMore(words) : words;
}

function quickWords(text: string): readonly string[] {
  const words = text.toLowerCase().split(QUICK_BETWEEN);
  return words.filter((word) => word !== '').map(cut);
}

function anyWords(text: string): readonly string[] {
  const pieces = text.replace(IGNORED, '').split(BETWEEN).flatMap(folded);
  return pieces.flatMap((piece) => (UNSPACED.test(piece) ? pairsOf(piece, true) : [piece]));
}

/**
 * What a question asks for: phrases that must all be found, the last word of each being the beginning of a word. A
 * phrase is what stands without a separator between: a word, or words side by side. A question without a word asks for
 * what no text holds; undefined where nothing is asked.
 */
export function phrasesOf(question: string | undefined): readonly (readonly string[])[] | undefined {
  if (question === undefined) return undefined;
  const phrases = question
    .replace(IGNORED, '')
    .split(BETWEEN)
    .map(folded)
    .filter((pieces) => pieces.length > 0)
    .map((pieces) =>
      pieces.flatMap((piece, at) => (UNSPACED.test(piece) ? pairsOf(piece, at < pieces.length - 1) : [piece])),
    );
  return phrases.length > 0 ? phrases : [[NOTHING]];
}

/** Whether a question holds anything that search looks for. */
export function holdsWord(question: string): boolean {
  return phrasesOf(question)?.[0]?.[0] !== NOTHING;
}

/** Whether a word is a pair of neighbours in a script without spaces, and so a whole word. */
export function isPair(word: string): boolean {
  return UNSPACED.test(word) && [...word].length === 2;
}

/** What stands between two separators, folded and parted where a script without spaces begins or ends. */
function folded(chunk: string): readonly string[] {
  if (PLAIN.test(chunk)) return chunk === '' ? [] : [cut(chunk.toLowerCase())];
  // Taken apart, a sign may turn out to be several words: a half is a one and a two.
  const pieces = apart(chunk)
    .split(BETWEEN)
    .flatMap((part) => part.match(PIECES) ?? []);
  return pieces.map((piece) => (UNSPACED.test(piece) ? piece : cut(piece)));
}

/** Never half a character. */
function cut(word: string): string {
  if (word.length <= LONGEST) return word;
  const high = word.charCodeAt(LONGEST - 1);
  return word.slice(0, high >= 0xd800 && high <= 0xdbff ? LONGEST - 1 : LONGEST);
}

function apart(chunk: string): string {
  const small = chunk.normalize('NFKD').toLowerCase().replace(IGNORED, '');
  return small.replace(OTHER, (letter) => OTHERS.get(letter)!).normalize('NFC');
}

/** Each pair of neighbours; at the end, where the run ends there, its last character. */
function pairsOf(piece: string, ends: boolean): readonly string[] {
  const characters = [...piece];
  if (characters.length === 1) return characters;
  const pairs = characters.slice(1).map((character, at) => characters[at]! + character);
  return ends ? [...pairs, characters.at(-1)!] : pairs;
}

/** Both engines shall forget the same places, so what PostgreSQL would leave out is taken out for both. */
function withoutMore(words: readonly string[]): readonly string[] {
  const places = new Map<string, number>();
  return words.map((word) => {
    const place = (places.get(word) ?? 0) + 1;
    places.set(word, place);
    return place > MOST_PLACES ? NO_WORD : word;
  });
}
