import { ALIKE, LATIN, MARKS, ORDER, PUNCTUATION, SIGNS } from './collation-order';
import { DIGITS, IGNORED_CLASS, ranges, WORD_CLASS } from './unicode';

/**
 * Titles in the order in which people look for them: the root collation of CLDR, numbers by their value. Spaces and
 * punctuation stand before digits, and digits before letters. Letters are first compared without accents and case, then
 * by their accents, then by their case, small before capital: `icon2` stands before `icon10`, and `Ä` beside `A`.
 *
 * A text becomes a key whose code points are in that order, so that every database sorts it right by its bytes alone.
 */

/** Raised when a text gives another key than before: tables with keys are then built anew. */
export const COLLATION = 1;

/** A key holds this much of what is compared, in UTF-16 units: PostgreSQL indexes no more than 2,700 bytes. */
const MOST_LETTERS = 600;
const MOST_MARKS = 100;

/** Parts a key into letters, accents and case. Stands before every weight. */
const LEVEL = '\u0001';
const SPACE = '\u0002';
/** Leads punctuation beyond ASCII, and signs, by their code points. */
const SIGN = '#';
/** Leads how many digits a number has, where there are more than nine. */
const MANY_DIGITS = ':';
/** Leads letters that come behind one of ASCII, and so behind whatever may follow that one. */
const BEHIND = '\u{10fffd}';
/** The first letter of another script; the last stands before the first Han character, 4E00. */
const FIRST_LETTER = 0x100;
/** Leads other characters whose order is not written down. */
const UNKNOWN = '\uf000';
/** How far a mark is from the last, at most; further ones are told in steps. */
const FURTHEST = 90;
const NEAREST = 0x7e;
const CAPITAL = '';
const OTHER_FORM = '\u007f';

/** What one character adds: its letters, its accents, and how it differs from another with the same of both. */
interface Weight {
  readonly letters: string;
  readonly accents: string;
  readonly form?: string | undefined;
}

const NONE: Weight = { letters: '', accents: '' };
const WORD = new RegExp(`[${WORD_CLASS}]`, 'u');
const IGNORED = new RegExp(`[${IGNORED_CLASS}]`, 'u');
const MARK = new RegExp(`[${ranges(MARKS)}]`, 'u');
const HAN = /[\u4e00-\u9fff\u{20000}-\u{3ffff}]/u;
const HANGUL = /[\uac00-\ud7a3]/;
/** Vowels of Thai and Lao that are written before the consonant they follow. */
const BEFORE = /([\u0e40-\u0e44])([\u0e01-\u0e2e])|([\u0ec0-\u0ec4])([\u0e81-\u0eae\u0edc-\u0edf])/g;

/** What every character of printable ASCII weighs. */
const PLAIN_LETTERS = Array.from({ length: 0x7f }, (_, code) => {
  const each = String.fromCharCode(code);
  const at = PUNCTUATION.indexOf(each);
  return code === 0x20 ? SPACE : at === -1 ? each.toLowerCase() : String.fromCharCode(at + 3);
});
const PLAIN = /^[\x20-\x7e]*$/;

/** The key of a text: keys compare by code point as people compare the texts. At most 802 UTF-16 units. */
export function sortKey(text: string): string {
  const normal = PLAIN.test(text) ? text : text.normalize('NFC').replace(BEFORE, '$2$1$4$3');
  let letters = '';
  let number = '';
  let accents = NO_DIFFERENCE;
  let forms = NO_DIFFERENCE;
  let place = 0;
  const add = (more: string): void => {
    if (more === SPACE && letters.endsWith(SPACE)) return;
    letters += more;
    place += 1;
  };
  for (const each of normal.trim()) {
    const digit = digitOf(each);
    if (digit !== undefined) {
      number += digit;
      continue;
    }
    if (number !== '') add(numberOf(number));
    number = '';
    if (letters.length > MOST_LETTERS) break;
    const code = each.charCodeAt(0);
    if (code >= 0x20 && code < 0x7f) {
      if (code >= 0x41 && code <= 0x5a) forms = differing(forms, place, CAPITAL);
      add(PLAIN_LETTERS[code]!);
      continue;
    }
    const weight = weightOf(each);
    // A mark by itself belongs to the letter before it.
    if (weight.accents !== '') accents = differing(accents, weight.letters === '' ? place - 1 : place, weight.accents);
    if (weight.form !== undefined) forms = differing(forms, place, weight.form);
    if (weight.letters !== '') add(weight.letters);
  }
  if (number !== '') add(numberOf(number));
  const levels = [cut(letters, MOST_LETTERS), cut(accents.text, MOST_MARKS), cut(forms.text, MOST_MARKS)];
  while (levels.at(-1) === '') levels.pop();
  return levels.join(LEVEL);
}

function digitOf(each: string): string | undefined {
  const code = each.charCodeAt(0);
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? each : undefined;
  return DIGITS.get(each);
}

/**
 * Where a text differs from its plain letters, told as distances: the nearer, the greater, since of two texts with the
 * same letters the one that differs first comes last.
 */
interface Differences {
  readonly text: string;
  /** Where the last one is. */
  readonly last: number;
}

const NO_DIFFERENCE: Differences = { text: '', last: -1 };

function differing({ text, last }: Differences, place: number, difference: string): Differences {
  return { text: text + distanceOf(place - last) + difference, last: Math.max(place, last) };
}

function distanceOf(places: number): string {
  if (places <= 0) return '';
  return ' '.repeat(Math.floor((places - 1) / FURTHEST)) + String.fromCharCode(NEAREST - ((places - 1) % FURTHEST));
}

/** Characters whose weights are remembered; a library rarely has as many different ones. */
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, Weight>();

function weightOf(each: string): Weight {
  const known = remembered.get(each);
  if (known !== undefined) return known;
  const weight = measured(each);
  if (remembered.size < MOST_REMEMBERED) remembered.set(each, weight);
  return weight;
}

function measured(each: string): Weight {
  const parts = HANGUL.test(each) ? each : each.normalize('NFKD');
  let letters = '';
  let accents = '';
  let form = parts.normalize('NFC') === each ? undefined : OTHER_FORM;
  for (const part of parts) {
    const small = part.toLowerCase();
    if (small !== part) form ??= CAPITAL;
    for (const one of small) {
      const weight = single(one);
      letters += weight.letters;
      accents += weight.accents;
      form ??= weight.form;
    }
  }
  return letters === SPACE ? { letters, accents } : { letters, accents, form };
}

/** Of a small character that is not made of others. */
function single(each: string): Weight {
  const digit = digitOf(each);
  if (digit !== undefined) return { letters: numberOf(digit), accents: '' };
  const plain = PLAIN_LETTERS[each.charCodeAt(0)];
  if (plain !== undefined && each >= ' ') return { letters: plain, accents: '' };
  const written = weights().get(each);
  if (written !== undefined) return written;
  if (MARK.test(each)) return { letters: '', accents: each };
  if (IGNORED.test(each) || /\p{Cc}/u.test(each)) return NONE;
  if (HAN.test(each)) return { letters: each, accents: '' };
  if (/\s/.test(each)) return { letters: SPACE, accents: '' };
  return { letters: (WORD.test(each) ? UNKNOWN : SIGN) + each, accents: '' };
}

/** How many digits a number has, and then the digits: so the greater number is the greater text. */
function numberOf(digits: string): string {
  const number = digits.replace(/^0+(?=.)/, '');
  if (number.length <= 9) return number.length + number;
  const most = Math.min(number.length, 90 * 90 - 1);
  return MANY_DIGITS + String.fromCharCode(0x20 + Math.floor(most / 90), 0x20 + (most % 90)) + number;
}

let written: ReadonlyMap<string, Weight> | undefined;

/** The weights that are written down, made when the first text beyond ASCII comes. */
function weights(): ReadonlyMap<string, Weight> {
  if (written !== undefined) return written;
  const made = new Map<string, Weight>();
  for (const [letter, ...others] of LATIN.split(' ').map((group) => [...group])) {
    for (const [at, other] of others.entries()) {
      made.set(other, { letters: `${letter}${BEHIND}${String.fromCodePoint(0x80 + at)}`, accents: '' });
    }
  }
  for (const [letter, ...others] of ALIKE.split(' ').map((group) => [...group])) {
    made.set(letter!, { letters: others.join(''), accents: letter! });
  }
  for (const range of SIGNS.split(' ')) {
    const [from, to = from] = range.split('-').map((code) => Number.parseInt(code, 16));
    for (let code = from!; code <= to!; code += 1) {
      const sign = String.fromCodePoint(code);
      made.set(sign, { letters: SIGN + sign, accents: '' });
    }
  }
  ranked(made);
  written = made;
  return made;
}

function ranked(made: Map<string, Weight>): void {
  let end = 0;
  let rank = FIRST_LETTER - 1;
  let alike = 0;
  for (const entry of ORDER.split(' ')) {
    const same = entry.startsWith('=');
    const [distance, more = '0'] = (same ? entry.slice(1) : entry).split('+');
    const begin = end + Number.parseInt(distance!, 36);
    end = begin + Number.parseInt(more, 36);
    alike = same ? alike + 1 : 0;
    for (let code = begin; code <= end; code += 1) {
      if (!same) rank += 1;
      const form = same ? String.fromCodePoint(0x80 + alike) : undefined;
      made.set(String.fromCodePoint(code), { letters: String.fromCodePoint(rank), accents: '', form });
    }
  }
}

/** Never half a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const high = text.charCodeAt(most - 1);
  return text.slice(0, high >= 0xd800 && high <= 0xdbff ? most - 1 : most);
}
