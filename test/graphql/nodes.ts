import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** An object in an answer with a global id. */
export interface Named {
  readonly __typename: string;
  readonly id: string;
}

const isObject = (type: GraphQLNamedType) => isObjectType(type) || isInterfaceType(type);
const isNode = (type: GraphQLNamedType): boolean =>
  isObject(type) && (type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node'));

/** `versionId` → `version` */
const subjectOf = (member: string): string => member.replace(/Id$/, '');

/** Generates queries for the id of every object that can be reached within some steps. */
export class IdQueries {
  constructor(
    readonly schema: GraphQLSchema,
    /** Ids for required arguments, by the beginning of the field's name; every other field is given the asset's. */
    readonly ids: Readonly<Record<string, string>>,
  ) {}

  /** Every field of Query that takes `at`, as a query with the variable `$at`. */
  withMoment(steps: number): readonly (readonly [field: string, query: string])[] {
    const fields = Object.values((this.schema.getQueryType() as GraphQLObjectType).getFields());
    return fields
      .filter(({ args }) => args.some(({ name }) => name === 'at'))
      .flatMap((field) => {
        const selection = this.#selection(getNamedType(field.type), steps);
        if (selection === undefined) return [];
        const query = `query ($at: PointInTime) { ${field.name}(${this.#arguments(field, 'at: $at')}) ${selection} }`;
        return [[field.name, query] as const];
      });
  }

  #selection(type: GraphQLNamedType, steps: number): string | undefined {
    if (!isObject(type)) return undefined;
    const below = steps === 0 ? [] : Object.values(type.getFields()).flatMap((field) => this.#field(field, steps));
    if (isNode(type)) return `{ __typename id ${below.join(' ')} }`;
    return below.length === 0 ? undefined : `{ ${below.join(' ')} }`;
  }

  #field(field: GraphQLField<unknown, unknown>, steps: number): string[] {
    const type = getNamedType(field.type);
    // `edges` lead to the same objects as `nodes`, and no value fits every numeric argument.
    if (field.name === 'edges' || field.args.some((argument) => isRequiredArgument(argument))) return [];
    const selection = this.#selection(type, field.name === 'nodes' ? steps : steps - 1);
    const list = this.#arguments(field);
    return selection === undefined ? [] : [`${field.name}${list === '' ? '' : `(${list})`} ${selection}`];
  }

  #arguments(field: GraphQLField<unknown, unknown>, more = ''): string {
    const given = field.args.flatMap((argument) => {
      const type = getNamedType(argument.type);
      if (argument.name === 'first') return ['first: 2'];
      if (!isRequiredArgument(argument)) return [];
      if (isEnumType(type)) return [`${argument.name}: ${type.getValues()[0]!.name}`];
      // An input object names its subject by one of several ids.
      const member = isInputObjectType(type) && Object.keys(type.getFields()).find((name) => this.ids[subjectOf(name)]);
      if (member) return [`${argument.name}: { ${member}: "${this.ids[subjectOf(member)]}" }`];
      const subject = Object.keys(this.ids).find((name) => field.name.startsWith(name)) ?? 'asset';
      return [`${argument.name}: "${this.ids[subject]}"`];
    });
    return [...given, ...(more === '' ? [] : [more])].join(', ');
  }
}

/** Every object in an answer with a global id, each once. */
export function namedIn(answer: unknown): readonly Named[] {
  const found = new Map<string, Named>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) look(item);
      return;
    }
    const { __typename, id } = value as Partial<Named>;
    if (__typename !== undefined && id !== undefined) found.set(id, { __typename, id });
    for (const member of Object.values(value)) look(member);
  };
  look(answer);
  return [...found.values()];
}
