import { type Ident, unquoted } from './ident';

/** Placeholders: words in place of a name that identify no person. */
const NOBODY = new Set(
  (
    'nobody none no noone na n/a not - ? x xx xxx tbd tba todo pending later self myself me author nobody. you ' +
    'everyone everybody all team others many various someone somebody anyone unreviewed trivial implicit auto ' +
    'automatic yes ok done lgtm approved accepted true false name user username login foo bar reviewer reviewers ' +
    'testonly rubberstamp oops oops! unknown'
  ).split(' '),
);
const NOBODY_PHRASES = new Set(['no one', 'your name', 'full name', 'first last', 'real name', 'et al', 'n / a']);
/** In brackets after a name, these mean that it was not the person's own statement. */
const NOT_SAID = new Set([
  'implicit',
  'self',
  'none',
  'oops!',
  'oops',
  'blanket',
  'timeout',
  'not reviewed',
  'pending',
]);
/** After a comma these belong to the preceding name. */
const SUFFIXES = new Set(['jr', 'jr.', 'sr', 'sr.', 'ii', 'iii', 'phd', 'ph.d.', 'md', 'msc', 'esq.']);
/** Some tools write messages for web pages. */
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
const LOGIN = /^@?[\p{L}\p{N}][\p{L}\p{M}\p{N}._+-]{0,99}$/u;
const ADDRESS = /^[^\s@<>()[\],;"]{1,200}@[^\s@<>()[\],;"]{1,200}$/;
/** Separators between people, including bullets and dashes, written as code points as run.cjs requires. */
const SIGNS = /^[\s|/+*\u2022\u00b7\u2013\u2014-]+/;
const MOST = 100;
const LONGEST = 200;

/**
 * Everybody that a line of a commit message names: addresses, full names or logins, separated by commas, semicolons,
 * `and` or `&`. Groups (`#design`, `@team/design`), placeholders and prose name nobody. Lines are short (see messages).
 *
 * People without an address have only a name; the caller knows its scope.
 */
export function peopleIn(text: string): readonly Ident[] {
  const people: Ident[] = [];
  const plain = text.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ENTITIES[name]!);
  const segments = segmentsOf(plain).slice(0, MOST);
  for (let at = 0; at < segments.length; at += 1) {
    const segment = segments[at]!;
    const joined = isFamilyName(segment, segments[at + 1]) ? `${segment}, ${segments[at + 1]}` : undefined;
    if (joined !== undefined) at += 1;
    const person = personIn(joined ?? segment);
    if (person !== undefined) people.push(person);
  }
  return people;
}

/** Splits at separators outside quotation marks and brackets, and after an address. */
function segmentsOf(text: string): readonly string[] {
  const segments: string[] = [];
  let start = 0;
  let closing = '';
  const cut = (end: number, next: number) => {
    const segment = text.slice(start, end).trim();
    if (segment !== '') segments.push(segment);
    start = next;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (closing !== '') {
      if (character === closing) closing = '';
      if (character === '>' && closing === '' && !'([,;'.includes(text.slice(at + 1).trimStart()[0] ?? ','))
        cut(at + 1, at + 1);
    } else if (character in CLOSING) closing = CLOSING[character]!;
    else if (character === ',' || character === ';' || character === '&') cut(at, at + 1);
    else if (/\s/.test(character) && /^\s+and\s/i.test(text.slice(at, at + 12))) cut(at, text.indexOf('d', at) + 1);
  }
  cut(text.length, text.length);
  return segments;
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '<': '>', '(': ')', '[': ']' };

/** `Draw, Ada <ada@x>`: one word before the comma, and an address after exactly one more. */
function isFamilyName(segment: string, next: string | undefined): boolean {
  if (next === undefined || !/^\p{Lu}[\p{L}\p{M}'’-]*$/u.test(segment)) return false;
  return /^\p{Lu}[\p{L}\p{M}'’-]*\s<[^<>\s]+@[^<>\s]+>$/u.test(next);
}

function personIn(segment: string): Ident | undefined {
  if (segment.length > 2 * LONGEST || segment.includes('://')) return undefined;
  const open = segment.indexOf('<');
  const close = open === -1 ? -1 : segment.indexOf('>', open);
  if (close !== -1) return addressed(segment.slice(0, open), segment.slice(open + 1, close).trim());
  const { outside, inside } = bracketed(segment);
  if (NOT_SAID.has(inside.toLowerCase())) return undefined;
  if (ADDRESS.test(inside)) return addressed(outside, inside);
  const words = outside.split(/\s+/).filter((word) => word !== '');
  const address = words.find((word) => ADDRESS.test(word));
  if (address !== undefined) return addressed(words.filter((word) => word !== address).join(' '), address);
  return named(words);
}

function addressed(before: string, given: string): Ident | undefined {
  const email = given.replace(/^mailto:/i, '');
  const name = unquoted(bracketed(before).outside.replace(SIGNS, ''));
  if (!ADDRESS.test(email)) return named(name.split(/\s+/));
  if (NOBODY_PHRASES.has(name.toLowerCase())) return undefined;
  return { name: name === '' ? email : name.slice(0, LONGEST), email };
}

/** A login in one word, or a full name: several words that do not start with capitals are prose. */
function named(words: readonly string[]): Ident | undefined {
  const name = unquoted(words.join(' '));
  if (name === '') return undefined;
  const plain = name.toLowerCase();
  if (name.length > LONGEST || NOBODY.has(plain) || NOBODY_PHRASES.has(plain) || SUFFIXES.has(plain)) return undefined;
  if (words.length === 1) return LOGIN.test(name) ? { name: name.replace('@', ''), email: '' } : undefined;
  const letters = [words[0]!, words.at(-1)!].map((word) => unquoted(word).replace(/^["'(]/, '')[0] ?? '');
  const capital = letters.every((letter) => /\p{L}/u.test(letter) && letter === letter.toUpperCase());
  return words.length > 1 && words.length <= 6 && capital ? { name, email: '' } : undefined;
}

/** The text outside brackets, and the text in the first brackets. */
function bracketed(text: string): { readonly outside: string; readonly inside: string } {
  let outside = '';
  let inside: string | undefined;
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '(' ? text.indexOf(')', at) : text[at] === '[' ? text.indexOf(']', at) : -1;
    if (end === -1) outside += text[at++];
    else {
      inside ??= text.slice(at + 1, end).trim();
      at = end + 1;
    }
  }
  return { outside: outside.trim(), inside: inside ?? '' };
}
