import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** An operation may nest its fields this deep. */
export const MAX_DEPTH = 12;
/** And may ask for this much: an object costs 1, a leaf a tenth, both times every `first` above them. */
export const MAX_COST = 10_000;

const LEAF = 0.1;
/** What a list without `first` counts as; such lists are short by nature (tags, parents). */
const PLAIN_LIST = 10;
/** An act writes to the disk; it counts as this many objects. */
const ACT = 50;
/** The whole contract in an answer, which is little beside a page of assets but not nothing. */
const CONTRACT = 1000;

export type Variables = Readonly<Record<string, unknown>>;
type Count = (variables: Variables) => number;

interface Part {
  /** Cost of one of it and of all below, with these variables. */
  readonly cost: Count;
  readonly depth: number;
}

const NOTHING: Part = { cost: () => 0, depth: 0 };

/** The cost and depth of an operation, measured once; only the numbers that variables change are left open. */
export function measure(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Part {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return new Measure(schema, fragments).operation(operation);
}

class Measure {
  /** A fragment is measured once, however often it is spread: a bomb of fragments costs nothing to see through. */
  readonly #known = new Map<string, Part>();

  constructor(
    readonly schema: GraphQLSchema,
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {}

  operation(operation: OperationDefinitionNode): Part {
    const root = this.schema.getRootType(operation.operation);
    if (!root) return NOTHING;
    return this.#selection(root.name, operation.selectionSet);
  }

  #selection(type: string, set: SelectionSetNode): Part {
    const parts = set.selections.map((node): Part => {
      if (node.kind === Kind.FIELD) return this.#field(type, node);
      if (node.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(node.name.value);
      return this.#selection(node.typeCondition?.name.value ?? type, node.selectionSet);
    });
    return {
      cost: (variables) => parts.reduce((sum, part) => sum + part.cost(variables), 0),
      depth: parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0),
    };
  }

  #fragment(name: string): Part {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    if (fragment === undefined) return NOTHING;
    const part = once(this.#selection(fragment.typeCondition.name.value, fragment.selectionSet));
    this.#known.set(name, part);
    return part;
  }

  #field(type: string, node: FieldNode): Part {
    const field = this.#definition(type, node.name.value);
    // What introspection nests is bounded by the library; how often it is asked for is bounded here.
    if (field === undefined) return { cost: () => (node.selectionSet === undefined ? LEAF : CONTRACT), depth: 1 };
    if (!isCompositeType(getNamedType(field.type)) || node.selectionSet === undefined) {
      return { cost: () => LEAF, depth: 1 };
    }
    const below = this.#selection(getNamedType(field.type).name, node.selectionSet);
    const times = timesOf(field, node);
    const one = type === this.schema.getMutationType()?.name ? 1 + ACT : 1;
    return { cost: (variables) => times(variables) * (one + below.cost(variables)), depth: below.depth + 1 };
  }

  #definition(type: string, name: string): GraphQLField<unknown, unknown> | undefined {
    const parent = this.schema.getType(type);
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  }
}

function once(part: Part): Part {
  let last: { variables: Variables; cost: number } | undefined;
  return {
    depth: part.depth,
    cost: (variables) => {
      if (last?.variables !== variables) last = { variables, cost: part.cost(variables) };
      return last.cost;
    },
  };
}

/** A number outside 1 to 100 is refused by the field itself, with a better word than too costly. */
const bounded = (first: number): number => Math.min(Math.max(first, 1), 100);

function timesOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Count {
  const definition = field.args.find(({ name }) => name === 'first');
  if (definition === undefined) {
    const type = isNonNullType(field.type) ? field.type.ofType : field.type;
    const plain = isListType(type) && field.name !== 'nodes' && field.name !== 'edges' ? PLAIN_LIST : 1;
    return () => plain;
  }
  const usual = typeof definition.defaultValue === 'number' ? definition.defaultValue : 1;
  const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (value?.kind === Kind.INT) {
    const given = bounded(Number(value.value));
    return () => given;
  }
  if (value?.kind !== Kind.VARIABLE) return () => usual;
  const variable = value.name.value;
  return (variables) => {
    const given = variables[variable];
    return typeof given === 'number' ? bounded(given) : usual;
  };
}
