import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { costOfInput, costOfQuestion } from './inputs';
import { costOfIntrospection } from './introspection';
import { MAX_COST, MAX_ROWS } from './limits';
import { LONGEST_LISTS, PARTS, READ_BESIDES } from './lists';

const LEAF = 0.1;
/** Cost of an object that is loaded together with its parent. */
const PART = 0.1;
const OBJECT = 1;
/** Extra cost of each root field: a query reads tables, and an act writes to the disk. */
export const ROOT_FIELD = 50;
/** Counting a list visits each of its rows once. */
const COUNT = 10;
/** Fields that read much regardless of their selection. */
const HEAVY: Readonly<Record<string, number>> = {
  'AssetConnection.totalCount': 50,
  'Asset.templateUses': 10,
  'Query.verifyLog': 1_000,
};

export type Variables = Readonly<Record<string, unknown>>;
type Count = (variables: Variables) => number;

/** An operation, or one of its fields or fragments. */
export interface Part {
  /** Its response name; a fragment has none. */
  readonly name?: string;
  /** Total cost with these variables, excluding the rows of the page that it belongs to. */
  readonly cost: Count;
  /** For a part of a page: the cost per row of the page. */
  readonly perRow: Count;
  /** For a page: its maximum number of rows. */
  readonly rows: Count;
  readonly depth: number;
  /** The cost of one object by itself, if this is one. */
  readonly own: number;
  readonly below: readonly Part[];
}

const NONE: Count = () => 0;
const NOTHING: Part = { cost: NONE, perRow: NONE, rows: NONE, depth: 0, own: 0, below: [] };

/**
 * Measures the cost and depth of an operation once; only the numbers that depend on variables are computed per request.
 */
export function measure(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Part {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return new Measure(schema, fragments).operation(operation);
}

/** The field that accounts for most of a cost: its path in the answer, and its share, from 0 to 1. */
export function costliest(
  whole: Part,
  variables: Variables,
): { readonly path: readonly string[]; readonly share: number } {
  const path: string[] = [];
  let share = 1;
  let part: Part | undefined = whole;
  while (part !== undefined) {
    const { field, cost, sum } = costliestBelow(part, variables);
    if (field === undefined || cost <= sum / 2) break;
    path.push(field.name ?? '');
    share *= cost / sum;
    part = field;
  }
  return { path, share };
}

function costliestBelow(part: Part, variables: Variables) {
  let most: { readonly field?: Part; readonly cost: number } = { cost: 0 };
  let sum = part.own;
  for (const field of fieldsBelow(part)) {
    const cost = field.cost(variables) + part.rows(variables) * field.perRow(variables);
    sum += cost;
    if (cost > most.cost) most = { field, cost };
  }
  return { ...most, sum };
}

function sumOf(parts: readonly Part[], variables: Variables): number {
  return parts.reduce((sum, part) => sum + part.cost(variables), 0);
}

function sumPerRow(parts: readonly Part[]): Count {
  return (variables) => parts.reduce((sum, part) => sum + part.perRow(variables), 0);
}

function fieldsBelow({ below }: Part): readonly Part[] {
  return below.flatMap((part) => (part.name === undefined ? fieldsBelow(part) : [part]));
}

class Measure {
  /** A fragment is measured once, however often it is spread, so that a fragment bomb is cheap to detect. */
  readonly #known = new Map<string, Part>();
  readonly #roots: ReadonlySet<string>;
  /** The cost so far of all introspection fields with these variables. */
  #introspected: { readonly variables: Variables; cost: number } | undefined;

  constructor(
    readonly schema: GraphQLSchema,
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {
    const roots = [schema.getQueryType(), schema.getMutationType()];
    this.#roots = new Set(roots.flatMap((root) => (root ? [root.name] : [])));
  }

  operation(operation: OperationDefinitionNode): Part {
    const root = this.schema.getRootType(operation.operation);
    if (!root) return NOTHING;
    return this.#selection(root.name, operation.selectionSet);
  }

  #selection(type: string, set: SelectionSetNode): Part {
    const below = set.selections.map((node): Part => {
      if (node.kind === Kind.FIELD) return this.#field(type, node);
      if (node.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(node.name.value);
      return this.#selection(node.typeCondition?.name.value ?? type, node.selectionSet);
    });
    const own = this.#isReadBesides(type, set) ? OBJECT : 0;
    const kinds = set.selections.map((node) => this.#kindOf(type, node));
    const shared = below.filter((_part, index) => kinds[index] === undefined);
    const ofKinds = [...new Set(kinds)].flatMap((kind) =>
      kind === undefined ? [] : [below.filter((_part, index) => kinds[index] === kind)],
    );
    return {
      below,
      own,
      perRow: sumPerRow(below),
      rows: NONE,
      // An object of an interface has one type, so of the selections for several types only one is executed.
      cost: (variables) =>
        own + sumOf(shared, variables) + ofKinds.reduce((most, kind) => Math.max(most, sumOf(kind, variables)), 0),
      depth: below.reduce((deepest, part) => Math.max(deepest, part.depth), 0),
    };
  }

  /** The single object type that a selection of an interface applies to; undefined if it applies to several. */
  #kindOf(type: string, node: SelectionNode): string | undefined {
    if (node.kind === Kind.FIELD || !isInterfaceType(this.schema.getType(type))) return undefined;
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.fragments.get(node.name.value);
    const kind = fragment?.typeCondition?.name.value;
    return kind !== undefined && isObjectType(this.schema.getType(kind)) ? kind : undefined;
  }

  /** Whether a selection needs data that the row of an entry does not hold. */
  #isReadBesides(type: string, set: SelectionSetNode): boolean {
    const entry = this.schema.getType(type);
    const row = isObjectType(entry) ? entry.getInterfaces().find(({ name }) => READ_BESIDES.includes(name)) : undefined;
    if (row === undefined) return false;
    const fields = row.getFields();
    return set.selections.some(
      (node) => node.kind === Kind.FIELD && this.#definition(type, node.name.value) && !(node.name.value in fields),
    );
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
    const part = this.#shown(type, node);
    const more = this.#roots.has(type) ? ROOT_FIELD : heavy(type, node.name.value);
    if (more === undefined) return once(part);
    if (type !== this.schema.getMutationType()?.name) {
      return once({ ...part, cost: (variables) => more + costOfQuestion(node, variables) + part.cost(variables) });
    }
    return once({ ...part, cost: (variables) => more + costOfInput(node, variables) + part.cost(variables) });
  }

  /** A field with its selection. */
  #shown(type: string, node: FieldNode): Part {
    const name = (node.alias ?? node.name).value;
    const field = this.#definition(type, node.name.value);
    // The library limits how deep introspection may nest.
    if (field === undefined) return { ...NOTHING, name, depth: 1, cost: this.#introspection(node) };
    const times = timesOf(type, field, node);
    const of = getNamedType(field.type);
    if (!isCompositeType(of) || node.selectionSet === undefined) {
      return { ...NOTHING, name, depth: 1, own: LEAF, cost: (variables) => times(variables) * LEAF };
    }
    const { cost, perRow, depth, below } = this.#selection(of.name, node.selectionSet);
    const own = PARTS.has(of.name) ? PART : OBJECT;
    const part = { ...NOTHING, name, below, own, depth: depth + 1 };
    const each: Count = (variables) => own + cost(variables);
    if (isRowOfPage(type, field.name)) return { ...part, perRow: each };
    if (!isPage(of.name)) return { ...part, cost: (variables) => times(variables) * each(variables) };
    // A page counts as one object; its rows are counted by its `first`.
    return { ...part, rows: times, cost: (variables) => each(variables) + times(variables) * perRow(variables) };
  }

  #introspection(node: FieldNode): Count {
    if (node.selectionSet === undefined) return () => LEAF;
    const { schema, fragments } = this;
    const count: Count = (variables) => {
      if (this.#introspected?.variables !== variables) this.#introspected = { variables, cost: 0 };
      // Counting stops at the limit: counting a thousand aliases would take as many seconds.
      const most = MAX_COST - this.#introspected.cost;
      const cost = most < 0 ? LEAF : costOfIntrospection({ schema, fragments, variables, most }, node);
      this.#introspected.cost += cost;
      return cost;
    };
    let fixed: number | undefined;
    return (variables) => {
      if (Object.keys(variables).length > 0) return count(variables);
      fixed ??= count(variables);
      return fixed;
    };
  }

  #definition(type: string, name: string): GraphQLField<unknown, unknown> | undefined {
    const parent = this.schema.getType(type);
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  }
}

function heavy(type: string, field: string): number | undefined {
  return HEAVY[`${type}.${field}`] ?? (field === 'totalCount' ? COUNT : undefined);
}

function once(part: Part): Part {
  return { ...part, cost: countedOnce(part.cost), perRow: countedOnce(part.perRow) };
}

function countedOnce(count: Count): Count {
  let last: { variables: Variables; cost: number } | undefined;
  return (variables) => {
    if (last?.variables !== variables) last = { variables, cost: count(variables) };
    return last.cost;
  };
}

const isPage = (type: string): boolean => type.endsWith('Connection');
const isRowOfPage = (type: string, field: string): boolean => isPage(type) && (field === 'nodes' || field === 'edges');

/** A number outside 1 to 100 is refused by the field itself, with a clearer error than the cost limit. */
const bounded = (first: number): number => Math.min(Math.max(first, 1), MAX_ROWS);

/** Every payload of an act has the user errors of `ActPayload`. */
const longestOf = (type: string, field: string): number =>
  LONGEST_LISTS[`${field === 'userErrors' ? 'ActPayload' : type}.${field}`] ?? 1;

function timesOf(type: string, field: GraphQLField<unknown, unknown>, node: FieldNode): Count {
  const definition = field.args.find(({ name }) => name === 'first');
  if (definition === undefined) {
    const longest = isListType(getNullableType(field.type)) ? longestOf(type, field.name) : 1;
    return () => longest;
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
