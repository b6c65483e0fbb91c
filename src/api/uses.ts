import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Variables } from './cost';
import { fault } from './errors';
import { MAX_GIVEN } from './limits';

/** Number of characters charged for a number, a name or a bracket. */
const EACH = 8;

type Counts = ReadonlyMap<string, number>;

/**
 * How often the fields of an operation use each variable, fragments counted per spread. A body contains a value once,
 * but every field that uses it processes all of it.
 */
export class Uses {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #known = new Map<string, Counts>();
  readonly #repeated: Counts;

  constructor(document: DocumentNode, operation: OperationDefinitionNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
    // A variable used once is bounded by the size of the body, so most operations need no measuring.
    this.#repeated = new Map([...this.#countsOf(operation.selectionSet)].filter(([, times]) => times > 1));
  }

  /** Why these values are refused, or undefined. */
  refusal(given: Variables): GraphQLError | undefined {
    let rest = MAX_GIVEN;
    for (const [name, times] of this.#repeated) {
      const most = Math.floor(rest / times);
      const size = sizeOf(given[name], most);
      if (size > most) {
        const what = `$${name} is used ${times} times, which is too often for its size`;
        return fault(
          'QUERY_TOO_COSTLY',
          `${what}: values may have ${MAX_GIVEN} characters, each counted wherever it is used.`,
        );
      }
      rest -= size * times;
    }
    return undefined;
  }

  #countsOf(set: SelectionSetNode): Counts {
    const counts = new Map<string, number>();
    const add = (name: string, times: number): void => void counts.set(name, (counts.get(name) ?? 0) + times);
    visit(set, {
      Variable: ({ name }) => add(name.value, 1),
      FragmentSpread: ({ name }) => {
        for (const [variable, times] of this.#countsIn(name.value)) add(variable, times);
      },
    });
    return counts;
  }

  #countsIn(fragment: string): Counts {
    let counts = this.#known.get(fragment);
    if (counts === undefined) {
      const found = this.#fragments.get(fragment);
      counts = found === undefined ? new Map() : this.#countsOf(found.selectionSet);
      this.#known.set(fragment, counts);
    }
    return counts;
  }
}

/** The size of a value in characters, counted up to `most`. */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === 'string') return EACH + value.length;
  let size = EACH;
  if (typeof value !== 'object' || value === null) return size;
  for (const member of Object.values(value)) {
    size += sizeOf(member, most - size);
    if (size > most) break;
  }
  return size;
}
