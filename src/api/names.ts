import type { List } from '../../projections/list';
import type { People } from '../store/people';
import { phrasesOf, wordsOf } from '../tables/searchwords';

/** An actor whose name is known. */
export interface NamedActor {
  readonly opaqueId: string;
  /** The words of the name, without case and accents, each preceded by a space. */
  readonly words: string;
  /** A short prefix of these, by which names are sorted. It is short because cursors contain it. */
  readonly key: string;
}

const LONGEST_KEY = 200;

/**
 * Finds actors by name; names are kept outside the log and its tables. The words of all names stay in memory from the
 * first search on, and a search scans each name once.
 */
export class NameIndex {
  private indexed: ReadonlyMap<string, { readonly name: string }> | undefined;
  private actors: readonly NamedActor[] = [];

  constructor(private readonly people: Pick<People, 'names'>) {}

  /** Actors whose name matches every word of the query as a word prefix, ordered by name. */
  matching(question: string): readonly NamedActor[] {
    const names = this.people.names();
    if (names !== this.indexed) {
      this.actors = [...names].map(([opaqueId, { name }]) => named(opaqueId, spaced(wordsOf(name)))).sort(order);
      this.indexed = names;
    }
    // The words of a phrase must be adjacent, and the last one may be a prefix.
    const phrases = (phrasesOf(question) ?? []).map(spaced);
    return this.actors.filter(({ words }) => phrases.every((phrase) => words.includes(phrase)));
  }
}

const named = (opaqueId: string, words: string): NamedActor => ({ opaqueId, words, key: words.slice(0, LONGEST_KEY) });
const spaced = (words: readonly string[]): string => ` ${words.join(' ')}`;

type Place = Pick<NamedActor, 'key' | 'opaqueId'>;

/** Names with the same key are ordered by id. */
function order(one: Place, other: Place): number {
  const [left, right] = one.key === other.key ? [one.opaqueId, other.opaqueId] : [one.key, other.key];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The found actors as a pageable list. */
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
