import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type Token,
  TokenKind,
} from 'graphql';
import { fault } from './errors';
import { MAX_BRACKETS, MAX_PAIRS, MAX_SELECTIONS } from './limits';

/** The size of a document, computed without a schema. */
export interface Size {
  readonly tokens: number;
  /** Selections, each fragment counted per spread. */
  readonly selections: number;
}

/**
 * The size of a document, or the error that refuses it. It is determined before validation, because validation compares
 * the selections of all fragments with one another and takes too long for a document that is too large when its
 * fragments are spread. No fragment may spread itself.
 */
export function sizeOf(document: DocumentNode): Size | GraphQLError {
  const tokens = tokensOf(document);
  if (typeof tokens !== 'number') return tokens;
  const unfolding = new Unfolding(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const refused = unfolding.walk([definition.selectionSet]);
    if (refused !== undefined) return refused;
  }
  return { tokens, selections: unfolding.selections };
}

function tokensOf(document: DocumentNode): number | GraphQLError {
  let tokens = 0;
  let open = 0;
  for (let token: Token | null | undefined = document.loc?.startToken; token; token = token.next) {
    tokens += 1;
    if (OPENING.has(token.kind)) open += 1;
    else if (CLOSING.has(token.kind)) open -= 1;
    if (open > MAX_BRACKETS) {
      return fault('QUERY_TOO_COSTLY', `The document has brackets more than ${MAX_BRACKETS} deep inside one another.`);
    }
  }
  return tokens;
}

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** The selections under one response name, from all places that select it. */
interface Merged {
  times: number;
  readonly below: SelectionSetNode[];
}

class Unfolding {
  selections = 0;
  #pairs = 0;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
  }

  /** Walks selection sets that are merged into one, and everything below. */
  walk(sets: readonly SelectionSetNode[], level = 1): GraphQLError | undefined {
    // Fragments that spread one another may nest deeper than the brackets of the document do.
    if (level > MAX_BRACKETS) {
      return fault('QUERY_TOO_COSTLY', `The document nests its fields more than ${MAX_BRACKETS} deep.`);
    }
    const merged = new Map<string, Merged>();
    for (const set of sets) {
      const refused = this.#collect(set, merged);
      if (refused !== undefined) return refused;
    }
    for (const { times, below } of merged.values()) {
      this.#pairs += (times * (times - 1)) / 2;
      if (this.#pairs > MAX_PAIRS) {
        return fault('QUERY_TOO_COSTLY', `The document selects the same fields too often: over ${MAX_PAIRS} pairs.`);
      }
      const refused = below.length === 0 ? undefined : this.walk(below, level + 1);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  #collect(set: SelectionSetNode, into: Map<string, Merged>): GraphQLError | undefined {
    for (const node of set.selections) {
      this.selections += 1;
      if (this.selections > MAX_SELECTIONS) {
        const what = `The document has more than ${MAX_SELECTIONS} selections, fragments counted wherever they are spread.`;
        return fault('QUERY_TOO_COSTLY', what);
      }
      const refused = this.#take(node, into);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  #take(node: SelectionNode, into: Map<string, Merged>): GraphQLError | undefined {
    if (node.kind === Kind.INLINE_FRAGMENT) return this.#collect(node.selectionSet, into);
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = this.#fragments.get(node.name.value);
      // Validation reports a missing fragment.
      return fragment === undefined ? undefined : this.#collect(fragment.selectionSet, into);
    }
    const name = (node.alias ?? node.name).value;
    const merged = into.get(name) ?? { times: 0, below: [] };
    into.set(name, merged);
    merged.times += 1;
    if (node.selectionSet !== undefined) merged.below.push(node.selectionSet);
    return undefined;
  }
}
