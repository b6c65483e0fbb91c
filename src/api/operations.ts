import { LRUCache } from 'lru-cache';
import type { Plan } from './plan';

/** Size of the cache in tokens of documents, and the maximum length of a cached text. */
const REMEMBERED = 100_000;
export const LONGEST = 8000;
/** Size of an entry besides its tokens. */
const OVERHEAD = 50;

/** Cache of recent valid operations, by the text of their document and the operation name. */
export class KnownOperations {
  readonly #known = new LRUCache<string, Plan>({
    maxSize: REMEMBERED,
    sizeCalculation: ({ size }) => OVERHEAD + size.tokens + size.selections,
  });

  get(text: string, name: string | undefined): Plan | undefined {
    return this.#known.get(keyOf(text, name));
  }

  remember(text: string, name: string | undefined, plan: Plan): void {
    if (text.length <= LONGEST) this.#known.set(keyOf(text, name), plan);
  }
}

/** Marks the end of the name, so that no two operations share a key. */
const keyOf = (text: string, name: string | undefined): string =>
  name === undefined ? `:${text}` : `${name.length}:${name}${text}`;
