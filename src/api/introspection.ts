import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';

/** What one object and one leaf of the contract cost: they are in memory, and short. */
const EACH = 0.1;

interface Asked {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Where the counting ends. */
  readonly most: number;
}

/**
 * The cost of an introspection query: every object and leaf of the answer is counted, because the lists of the schema
 * differ too much in length to give each an upper bound. Counting stops when `most` is exceeded.
 */
export function costOfIntrospection(asked: Asked, node: FieldNode): number {
  const counter = new Counter(asked);
  const field = [SchemaMetaFieldDef, TypeMetaFieldDef].find(({ name }) => name === node.name.value);
  if (field !== undefined) counter.field(field, undefined, node);
  return counter.sum;
}

class Counter {
  sum = 0;

  constructor(readonly asked: Asked) {}

  field(field: GraphQLField<unknown, unknown>, source: unknown, node: FieldNode): void {
    const { schema, variables } = this.asked;
    let value: unknown;
    try {
      const given = getArgumentValues(field, node, { ...variables });
      value = field.resolve?.(source, given, undefined, { schema } as GraphQLResolveInfo);
    } catch {
      // The executor refuses the argument, and answers nothing below.
      value = undefined;
    }
    const of = getNamedType(field.type);
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    for (const one of values) {
      this.sum += EACH;
      if (this.sum > this.asked.most) return;
      if (one === undefined || one === null || !isObjectType(of) || node.selectionSet === undefined) continue;
      this.#selection(of.getFields(), one, node.selectionSet);
    }
  }

  #selection(
    fields: Readonly<Record<string, GraphQLField<unknown, unknown>>>,
    source: unknown,
    set: SelectionSetNode,
  ): void {
    for (const node of set.selections) {
      if (this.sum > this.asked.most) return;
      if (node.kind === Kind.INLINE_FRAGMENT) this.#selection(fields, source, node.selectionSet);
      else if (node.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = this.asked.fragments.get(node.name.value);
        if (fragment !== undefined) this.#selection(fields, source, fragment.selectionSet);
      } else {
        const name = node.name.value;
        this.field(name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : fields[name]!, source, node);
      }
    }
  }
}
