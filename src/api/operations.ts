import type { DocumentNode } from 'graphql';
import { Recent } from '../runtime/lru';
import type { Plan } from './plan';

/** Distinct operations known by their text, and how long such a text may be: together they bound the memory. */
const REMEMBERED = 1000;
export const LONGEST = 8000;

/** An operation the GraphQL server has parsed and validated already. */
interface Known {
  readonly plan: Plan;
  readonly document: DocumentNode;
}

/** Operations asked for lately, by the text of their document and the name of the operation. */
export class KnownOperations {
  readonly #known = new Recent<string, Known>(REMEMBERED);

  get(text: string, name: string | undefined): Known | undefined {
    return this.#known.get(keyOf(text, name));
  }

  remember(text: string, name: string | undefined, known: Known): void {
    if (text.length <= LONGEST) this.#known.set(keyOf(text, name), known);
  }
}

/** Tells where the name ends, so that no two questions share a key. */
const keyOf = (text: string, name: string | undefined): string =>
  name === undefined ? `:${text}` : `${name.length}:${name}${text}`;
