import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInputType,
  GraphQLScalarType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  type ValueNode,
  valueFromAST,
  visit,
} from 'graphql';
import type { Variables } from './cost';
import { TYPE_NAME } from './kinds';

/**
 * The type of every variable of a specialised document. The compiler reads variables by rules of its own; it leaves alone
 * what has this type, which the GraphQL library has coerced before.
 */
export const COERCED = new GraphQLScalarType({ name: 'CoercedByTheLibrary' });

/** What stands for `@skip` and `@include`: the names of the variables that decide, in the order of a key. */
export function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given }) => {
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** A document for one answer of each of its conditions, as a compiler may have it, and the variables it takes. */
export interface Specialised {
  readonly document: DocumentNode;
  /** Undefined where an argument has no value that its type accepts: the plain executor says which. */
  variables(coerced: Variables): Variables | undefined;
}

/**
 * Rewrites one operation so that nothing is left of what a compiler may read in its own way: selections that `coerced`
 * leaves out are gone, no directive is left, and every argument is a variable. What was a literal is read by the GraphQL
 * library, so no text of a client becomes a part of generated code. Undefined where that cannot be done.
 */
export function specialise(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  coerced: Variables,
): Specialised | undefined {
  try {
    const writer = new Writer(schema, operation, coerced);
    return { document: writer.document(document), variables: (given) => writer.variables(given) };
  } catch (error) {
    if (error instanceof CannotBeRewritten) return undefined;
    throw error;
  }
}

class CannotBeRewritten extends Error {}

interface Argument {
  readonly name: string;
  readonly node: ValueNode;
  readonly type: GraphQLInputType;
}

class Writer {
  readonly #declared: readonly string[];
  /** Begins no name of the document. */
  readonly #prefix: string;
  readonly #constants: Record<string, unknown> = {};
  readonly #computed: Argument[] = [];
  readonly #spread = new Set<string>();
  #arguments = 0;

  constructor(
    readonly schema: GraphQLSchema,
    readonly given: OperationDefinitionNode,
    readonly coerced: Variables,
  ) {
    this.#declared = (given.variableDefinitions ?? []).map(({ variable }) => safe(variable.name.value));
    let prefix = 'argument';
    while (this.#declared.some((name) => name.startsWith(prefix))) prefix += '_';
    this.#prefix = prefix;
  }

  /** The operation with the fragments that it needs. */
  document(document: DocumentNode): DocumentNode {
    const { kind, operation, name, selectionSet } = this.given;
    const root = this.schema.getRootType(operation)?.name ?? '';
    const written = { kind, operation, name, selectionSet: this.#selections(root, selectionSet) };
    const fragments = new Map<string, FragmentDefinitionNode>();
    // A set grows while it is gone through: fragments spread others.
    for (const spread of this.#spread) {
      const found = document.definitions.find(
        (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === spread,
      );
      if (found?.kind !== Kind.FRAGMENT_DEFINITION) throw new CannotBeRewritten();
      fragments.set(spread, this.#fragment(found));
    }
    const variableDefinitions = this.#variableDefinitions();
    return { kind: Kind.DOCUMENT, definitions: [{ ...written, variableDefinitions }, ...fragments.values()] };
  }

  #fragment({ kind, name, typeCondition, selectionSet }: FragmentDefinitionNode): FragmentDefinitionNode {
    return { kind, name, typeCondition, selectionSet: this.#selections(typeCondition.name.value, selectionSet) };
  }

  #variableDefinitions(): OperationDefinitionNode['variableDefinitions'] {
    const added = Array.from({ length: this.#arguments }, (_, index) => `${this.#prefix}${index}`);
    return [...this.#declared, ...added].map((name) => ({
      kind: Kind.VARIABLE_DEFINITION,
      variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED.name } },
    }));
  }

  variables(coerced: Variables): Variables | undefined {
    const all: Record<string, unknown> = { ...coerced, ...this.#constants };
    for (const { name, node, type } of this.#computed) {
      const value = valueFromAST(node, type, coerced);
      if (value === undefined) return undefined;
      all[name] = value;
    }
    return all;
  }

  #selections(type: string, { kind, selections }: SelectionSetNode): SelectionSetNode {
    return {
      kind,
      selections: selections.filter((node) => this.#isIncluded(node)).map((node) => this.#selection(type, node)),
    };
  }

  #selection(type: string, node: SelectionNode): SelectionNode {
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      this.#spread.add(node.name.value);
      return { kind: node.kind, name: node.name };
    }
    if (node.kind === Kind.FIELD) return this.#field(type, node);
    const { kind, typeCondition } = node;
    const selectionSet = this.#selections(typeCondition?.name.value ?? type, node.selectionSet);
    return { kind, typeCondition, selectionSet };
  }

  #field(type: string, { kind, alias, name, arguments: given, selectionSet }: FieldNode): FieldNode {
    safe(name.value);
    if (alias !== undefined) safe(alias.value);
    if (name.value === TypeNameMetaFieldDef.name && isInterfaceType(this.schema.getType(type))) {
      return { kind, alias: alias ?? name, name: { kind: Kind.NAME, value: TYPE_NAME } };
    }
    const field = this.#definition(type, name.value);
    const below = nameOf(field.type);
    return {
      kind,
      alias,
      name,
      arguments: given?.map((argument) => this.#argument(field, argument)),
      selectionSet: selectionSet && this.#selections(below, selectionSet),
    };
  }

  #argument(field: GraphQLField<unknown, unknown>, { kind, name, value: node }: ArgumentNode): ArgumentNode {
    if (node.kind === Kind.VARIABLE) return { kind, name, value: node };
    const type = field.args.find((argument) => argument.name === name.value)?.type;
    if (type === undefined) throw new CannotBeRewritten();
    const variable = `${this.#prefix}${this.#arguments}`;
    this.#arguments += 1;
    if (hasVariables(node)) this.#computed.push({ name: variable, node, type });
    else this.#constants[variable] = constant(node, type);
    return { kind, name, value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } } };
  }

  #isIncluded({ directives = [] }: SelectionNode): boolean {
    for (const directive of directives) {
      const word = directive.name.value;
      if (word !== 'skip' && word !== 'include') throw new CannotBeRewritten();
      const node = directive.arguments?.[0]?.value;
      const value = node?.kind === Kind.VARIABLE ? this.coerced[node.name.value] : literal(node);
      // An explicit null takes the place of a default, and is refused by the plain executor.
      if (typeof value !== 'boolean') throw new CannotBeRewritten();
      if (value === (word === 'skip')) return false;
    }
    return true;
  }

  #definition(type: string, name: string): GraphQLField<unknown, unknown> {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    const parent = this.schema.getType(type);
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (field === undefined) throw new CannotBeRewritten();
    return field;
  }
}

const nameOf = (type: { toString(): string }): string => type.toString().replace(/[[\]!]/g, '');

const literal = (node: ValueNode | undefined): unknown => (node?.kind === Kind.BOOLEAN ? node.value : undefined);

function constant(node: ValueNode, type: GraphQLInputType): unknown {
  const value = valueFromAST(node, type);
  if (value === undefined) throw new CannotBeRewritten();
  return value;
}

function hasVariables(node: ValueNode): boolean {
  if (node.kind === Kind.LIST) return node.values.some(hasVariables);
  if (node.kind === Kind.OBJECT) return node.fields.some(({ value }) => hasVariables(value));
  return node.kind === Kind.VARIABLE;
}

/** A property of this name is there before anybody sets it, or changes what the object is. */
function safe(name: string): string {
  if (name in Object.prototype) throw new CannotBeRewritten();
  return name;
}
