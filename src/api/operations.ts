import { LRUCache } from 'lru-cache';
import type { Plan } from './plan';

/** How much is remembered, in words and signs of documents, and how long the text of one may be. */
const REMEMBERED = 100_000;
export const LONGEST = 8000;
/** What an operation counts beside its words: what is kept with it. */
const OVERHEAD = 50;

/** Operations asked for lately and found valid, by the text of their document and the name of the operation. */
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

/** Tells where the name ends, so that no two questions share a key. */
const keyOf = (text: string, name: string | undefined): string =>
  name === undefined ? `:${text}` : `${name.length}:${name}${text}`;
