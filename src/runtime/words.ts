/**
 * Words as search sees them, the same in every engine: runs of letters and digits, without case, and without the accents
 * of Latin letters. SQLite's tokenizer does this by itself; an engine that has none that does takes it from here.
 */

const BETWEEN = /[^\p{L}\p{N}\p{Co}]+/u;
const PLAIN = /^[\0-\x7f]*$/;
/** Signs that are written over or under the letter before them. */
const MARKS = /[\u0300-\u0331]/g;
const ACCENTED = /[\u00c0-\u024f\u1e00-\u1eff]/g;
/** Small letters that are others in all but their place in a word. */
const FORMS: Readonly<Record<string, string>> = { ς: 'σ', ſ: 's' };
const FORM = /[ςſ]/g;
/** A word longer than this is only known by its beginning. Characters. */
const LONGEST = 400;

/** A letter without its accents, where taking them off leaves a plain letter. */
function bare(letter: string): string {
  const base = letter.normalize('NFD').replace(/\p{M}/gu, '');
  return /^[A-Za-z]$/.test(base) ? base : letter;
}

/** The words of a text in order. */
export function wordsOf(text: string): readonly string[] {
  const folded = PLAIN.test(text)
    ? text.toLowerCase()
    : text
        .replace(MARKS, '')
        .replace(ACCENTED, bare)
        .toLowerCase()
        .replace(FORM, (letter) => FORMS[letter]!);
  const words: string[] = [];
  for (const word of folded.split(BETWEEN)) if (word !== '') words.push(word.slice(0, LONGEST));
  return words;
}

/**
 * What a question asks for: phrases that must all be found, the last word of each being the beginning of a word. One
 * that holds something between letters that is no blank, as in `e-mail`, asks for its words side by side.
 */
export function phrasesOf(question: string | undefined): readonly (readonly string[])[] {
  const asked = question?.split(/[^\p{L}\p{N}\p{M}\p{Co}]+/u) ?? [];
  return asked.map(wordsOf).filter((phrase) => phrase.length > 0);
}
