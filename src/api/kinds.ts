import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** The field by which a compiled query reads the type name of an object. */
export const TYPE_NAME = 'nameOfItsType';

/**
 * The types of each interface, as far as one document distinguishes them. The compiler repeats a selection for every
 * possible type of an object, and again inside each of these for nested objects: twenty types of entries whose subjects
 * have twenty types make four hundred times the code. Types that all selections of the document treat alike form one
 * kind here, and only one type of each kind is compiled.
 */
export class Kinds {
  /** The schema for the compiler: an interface has one type per kind. */
  readonly schema: GraphQLSchema;
  readonly #conditions = new Set<string>();
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** For each interface, the type that is compiled in place of each of its types. */
  readonly #standIns = new Map<string, ReadonlyMap<string, GraphQLObjectType>>();
  readonly #resolvers = new Map<unknown, number>();

  constructor(
    readonly whole: GraphQLSchema,
    document: DocumentNode,
  ) {
    visit(document, {
      FragmentDefinition: (fragment) => {
        this.#fragments.set(fragment.name.value, fragment);
        this.#conditions.add(fragment.typeCondition.name.value);
      },
      InlineFragment: ({ typeCondition }) => {
        if (typeCondition !== undefined) this.#conditions.add(typeCondition.name.value);
      },
    });
    this.schema = Object.create(whole, {
      getPossibleTypes: { value: (type: GraphQLInterfaceType) => [...new Set(this.#standInsOf(type).values())] },
    }) as GraphQLSchema;
  }

  /** The compiled type for objects of this type under an interface. */
  standIn(of: GraphQLInterfaceType, type: string): string {
    return this.#standInsOf(of).get(type)?.name ?? type;
  }

  /** How many selections will be compiled, counted up to just beyond `most`. */
  size(operation: OperationDefinitionNode, most: number): number {
    const root = this.whole.getRootType(operation.operation);
    return root ? this.#sizeOf(root, operation.selectionSet, most) : 0;
  }

  #sizeOf(type: GraphQLNamedType | undefined, set: SelectionSetNode, most: number): number {
    let size = 0;
    for (const kind of isInterfaceType(type) ? this.schema.getPossibleTypes(type) : [type]) {
      if (!isObjectType(kind)) continue;
      for (const node of set.selections) {
        if (size > most) return size;
        if (node.kind === Kind.FIELD) {
          size += 1;
          const field = kind.getFields()[node.name.value];
          if (field === undefined || node.selectionSet === undefined) continue;
          size += this.#sizeOf(getNamedType(field.type), node.selectionSet, most - size);
          continue;
        }
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value);
        const condition = fragment?.typeCondition?.name.value;
        if (fragment === undefined || (condition !== undefined && !this.#isOf(kind, condition))) continue;
        size += this.#sizeOf(kind, fragment.selectionSet, most - size);
      }
    }
    return size;
  }

  #standInsOf(of: GraphQLInterfaceType): ReadonlyMap<string, GraphQLObjectType> {
    let standIns = this.#standIns.get(of.name);
    if (standIns === undefined) {
      const first = new Map<string, GraphQLObjectType>();
      standIns = new Map(
        this.whole.getPossibleTypes(of).map((type) => {
          const mark = this.#markOf(of, type);
          const standIn = first.get(mark) ?? type;
          first.set(mark, standIn);
          return [type.name, standIn];
        }),
      );
      this.#standIns.set(of.name, standIns);
    }
    return standIns;
  }

  /** Equal for two types if the document treats them alike: the same selections with the same resolvers. */
  #markOf(of: GraphQLInterfaceType, type: GraphQLObjectType): string {
    const conditions = [...this.#conditions].filter((condition) => this.#isOf(type, condition));
    const interfaces = [of.name, ...conditions].map((name) => this.whole.getType(name)).filter(isInterfaceType);
    const names = new Set(interfaces.flatMap((each) => Object.keys(each.getFields())));
    const fields = [...names].map((name) => {
      const { resolve, type: shown, args } = type.getFields()[name]!;
      return [
        name,
        this.#numberOf(resolve),
        `${shown}`,
        args.map((argument) => [argument.name, argument.defaultValue]),
      ];
    });
    return JSON.stringify([conditions, fields]);
  }

  #numberOf(resolve: unknown): number {
    const number = this.#resolvers.get(resolve) ?? this.#resolvers.size;
    this.#resolvers.set(resolve, number);
    return number;
  }

  #isOf(type: GraphQLObjectType, condition: string): boolean {
    return type.name === condition || type.getInterfaces().some(({ name }) => name === condition);
  }
}
