import type { List } from '../../projections/list';
import type { People } from '../store/people';
import { phrasesOf, wordsOf } from '../tables/searchwords';

/** An actor whose name is known. */
export interface NamedActor {
  readonly opaqueId: string;
  /** The words of the name, without case and accents, each behind a blank. */
  readonly words: string;
  /** The beginning of these, in whose order names stand. A cursor holds it, so it is short. */
  readonly key: string;
}

const LONGEST_KEY = 200;

/**
 * Finds actors by their names, which are kept outside the log and its tables. The words of all names stay in memory from
 * the first search on, and a search looks at each name once.
 */
export class NameIndex {
  private indexed: ReadonlyMap<string, { readonly name: string }> | undefined;
  private actors: readonly NamedActor[] = [];

  constructor(private readonly people: Pick<People, 'names'>) {}

  /** Actors in whose name each word of a question begins a word, in the order of names. */
  matching(question: string): readonly NamedActor[] {
    const names = this.people.names();
    if (names !== this.indexed) {
      this.actors = [...names].map(([opaqueId, { name }]) => named(opaqueId, spaced(wordsOf(name)))).sort(order);
      this.indexed = names;
    }
    // Words of one phrase stand side by side, and the last is the beginning of a word.
    const phrases = (phrasesOf(question) ?? []).map(spaced);
    return this.actors.filter(({ words }) => phrases.every((phrase) => words.includes(phrase)));
  }
}

const named = (opaqueId: string, words: string): NamedActor => ({ opaqueId, words, key: words.slice(0, LONGEST_KEY) });
const spaced = (words: readonly string[]): string => ` ${words.join(' ')}`;

type Place = Pick<NamedActor, 'key' | 'opaqueId'>;

/** Names of the same key stand in the order of the ids. */
function order(one: Place, other: Place): number {
  const [left, right] = one.key === other.key ? [one.opaqueId, other.opaqueId] : [one.key, other.key];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Actors that were found by their names, as a list of pages. */
export function listOfFound(found: readonly NamedActor[]): List<NamedActor> {
  return {
    name: 'actors found',
    projection: 'actors',
    filters: {},
    usual: { by: 'name', direction: 'asc' },
    async page(_reader, { first, after }) {
      const behind = after === undefined ? found : found.filter((each) => order(each, after as Place) > 0);
      return { rows: behind.slice(0, first), hasNext: behind.length > first };
    },
    count: async () => found.length,
    mark: ({ key, opaqueId }) => ({ key, opaqueId }),
    marks: () => ({ key: 'text', opaqueId: 'text' }),
  };
}
