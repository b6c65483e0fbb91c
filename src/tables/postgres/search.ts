import { phrasesOf, wordsOf } from '../searchwords';

/** Places of words behind this are all the same to PostgreSQL. */
const LAST_PLACE = 16_383;

/** The words of a text as a `tsvector`. They are folded here and not by a dictionary, so that every engine finds alike. */
export function vectorOf(text: string): string {
  return wordsOf(text)
    .map((word, at) => `'${word}':${Math.min(at + 1, LAST_PLACE)}`)
    .join(' ');
}

/** A question as a `tsquery`; undefined where nothing is asked. */
export function queryOf(question: string | undefined): string | undefined {
  const phrases = phrasesOf(question)?.map((words) => {
    const quoted = words.map((word) => `'${word}'`);
    return `(${quoted.join(' <-> ')}:*)`;
  });
  return phrases?.join(' & ');
}
