import type { Sorting } from '../asked';
import type { Column } from '../columns';
import { isPair, phrasesOf } from '../searchwords';
import { type Layout, list, quote, typed, type Walk } from './schema';
import { type Sql, sql } from './sql';

/*
 * Where a searched table has a column that says when a row came into being and that no event changes, a page of what is
 * found is walked in that order, word by word, and ends when it is full, however many rows a word is in.
 */

/**
 * Each word of a text stands with all words of it, so that they need not be looked up. Beyond this many words, a title
 * would take room by the square of its length: their rows hold nothing there, and who asks looks into the texts.
 */
export const MOST_BESIDE = 24;

/** Shorter beginnings begin too many words to walk them all. Characters. */
const SHORTEST = 3;

/** The column of birth and the key behind it. */
export function walkOrder({ key }: Layout, { born }: Walk): readonly Column[] {
  return [born, ...key.filter((column) => column !== born)];
}

export function walkDdl(layout: Layout): readonly string[] {
  const { walk } = layout;
  if (!walk) return [];
  const order = walkOrder(layout, walk).map(typed).join(', ');
  return [
    `CREATE TABLE ${walk.words} (_word text COLLATE "C" NOT NULL, ${order}, _words tsvector)`,
    `CREATE TABLE ${walk.terms} (_word text COLLATE "C" PRIMARY KEY)`,
  ];
}

/** From the texts, which are there. In order, so that neighbours in the index are neighbours on the disk. */
export function fillWalk(layout: Layout): readonly string[] {
  const { walk, live, texts, key } = layout;
  if (!walk) return [];
  const columns = list(walkOrder(layout, walk), 't');
  const same = key.map(({ name }) => `x.${quote(name)} = t.${quote(name)}`).join(' AND ');
  return [
    `INSERT INTO ${walk.words} SELECT w.lexeme COLLATE "C", ${columns}, ` +
      `CASE WHEN length(x._words) <= ${MOST_BESIDE} THEN x._words END ` +
      `FROM ${texts} x JOIN ${live} t ON ${same} CROSS JOIN LATERAL unnest(x._words) w WHERE x._live ORDER BY 1, 2`,
    `INSERT INTO ${walk.terms} SELECT DISTINCT _word FROM ${walk.words}`,
  ];
}

export function walkIndexes(layout: Layout): readonly string[] {
  const { walk } = layout;
  if (!walk) return [];
  return [
    `CREATE UNIQUE INDEX ON ${walk.words} (_word, ${list(walkOrder(layout, walk))})`,
    `ANALYZE ${walk.words}`,
    `ANALYZE ${walk.terms}`,
  ];
}

/** The beginning of words whose texts are walked: the rarest as far as that is known, and of equals the longest. */
export function beginningToWalk(
  question: string | undefined,
  shareOf: (beginning: string) => number,
): string | undefined {
  let best: { readonly word: string; readonly share: number } | undefined;
  for (const phrase of phrasesOf(question) ?? []) {
    const word = phrase.at(-1)!;
    if (word.length < SHORTEST && !isPair(word)) continue;
    const share = shareOf(word);
    if (!best || share < best.share || (share === best.share && word.length >= best.word.length))
      best = { word, share };
  }
  return best?.word;
}

/** The words come in the order asked for. */
export function isWalkable(layout: Layout, walk: Walk, sorting: readonly Sorting[]): boolean {
  const order = walkOrder(layout, walk);
  const { descending } = sorting[0]!;
  return (
    sorting.length === order.length &&
    sorting.every((each, at) => each.column === order[at] && each.descending === descending)
  );
}

/** Whether the text behind a row of the walk holds what is asked. */
export function walkedHolds({ key, texts }: Layout, query: string): Sql {
  const same = key.map(({ name }) => `x.${quote(name)} = w.${quote(name)}`).join(' AND ');
  const looked = `EXISTS (SELECT 1 FROM ${texts} x WHERE ${same} AND x._live AND x._words @@ ?::tsquery)`;
  return sql(`CASE WHEN w._words IS NULL THEN ${looked} ELSE w._words @@ ?::tsquery END`, query, query);
}
