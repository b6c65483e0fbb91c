import { ApolloServer } from '@apollo/server';
import {
  GraphQLError,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { enumWords } from '../../src/api/enums';
import { interfacesOf } from '../../src/api/interfaces';
import { scalarsOf } from '../../src/api/scalars';
import { Draws, numberOf } from './draws';

/** A fake object: a number that determines everything below it. */
interface Thing {
  readonly seed: number;
  readonly __typename: string;
}

const leaves: Readonly<Record<string, (draws: Draws) => unknown>> = {
  Int: (draws) => draws.below(100),
  Float: (draws) => draws.below(100) / 8,
  Boolean: (draws) => draws.chance(0.5),
  BigInt: (draws) => draws.below(1e9),
  DateTime: () => '2024-05-01T09:30:00.000Z',
  Date: () => '2024-05-01',
};

/**
 * The real schema over fake data that contain everything possible: nulls in non-null fields, errors that are thrown,
 * rejected or returned, getters that throw, invalid values, and lists that are no lists. The same operation gets the
 * same data, however and however often it is executed, wherever a field is selected.
 */
export async function fakeSchema(contract: string, trouble: { probability: number }): Promise<GraphQLSchema> {
  let schema: GraphQLSchema | undefined;
  const document = parse(contract);
  const server = new ApolloServer({
    typeDefs: contract,
    resolvers: {
      ...scalarsOf(document),
      ...enumWords(document),
      ...interfacesOf(document),
    },
    plugins: [
      {
        serverWillStart: async (started) => {
          schema = started.schema;
        },
      },
    ],
  });
  await server.start();
  await server.stop();
  const made = schema as unknown as GraphQLSchema;
  const world = new World(made, trouble);
  for (const type of Object.values(made.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || type.name === 'Subscription') continue;
    for (const field of Object.values(type.getFields())) world.furnish(type, field);
  }
  return made;
}

/** Arguments as one text, independent of the order of names. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${name}:${canonical(member)}`).join()}}`;
}

/** The interface that declares a field, if any. */
function ownerOf(type: GraphQLObjectType, { name }: GraphQLField<unknown, unknown>): string {
  return type.getInterfaces().find((each) => name in each.getFields())?.name ?? type.name;
}

class World {
  readonly #classes = new Map<string, new (seed: number) => Thing>();
  /** Types share the resolver of an interface's field, as in the server. */
  readonly #shared = new Map<string, GraphQLFieldResolver<unknown, unknown>>();

  constructor(
    readonly schema: GraphQLSchema,
    readonly trouble: { probability: number },
  ) {}

  /** Gives a field a resolver, or leaves it to a getter of the object. */
  furnish(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): void {
    if (!this.#isResolved(type, field)) return;
    const owner = ownerOf(type, field);
    const key = `${owner}.${field.name}`;
    const resolve = this.#shared.get(key) ?? this.#resolverOf(owner, field);
    this.#shared.set(key, resolve);
    field.resolve = resolve;
  }

  #resolverOf(owner: string, field: GraphQLField<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> {
    return (source, args) => {
      const { seed } = (source ?? { seed: 1 }) as Thing;
      // The first field determines the rest, so that acts differ from one another.
      const own = numberOf(String(seed), owner, field.name, canonical(args));
      const draws = new Draws(own);
      const late = draws.chance(0.5);
      const told = () => this.#told(field.type, draws, own);
      if (!late) return told();
      return Promise.resolve().then(told);
    };
  }

  #isResolved(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean {
    const isRoot = type === this.schema.getQueryType() || type === this.schema.getMutationType();
    return isRoot || field.args.length > 0 || numberOf(ownerOf(type, field), field.name) % 2 === 0;
  }

  #told(type: GraphQLOutputType, draws: Draws, seed: number): unknown {
    if (draws.chance(this.trouble.probability)) return this.#trouble(draws);
    return this.#value(type, draws, seed);
  }

  #trouble(draws: Draws): unknown {
    const error = new GraphQLError(`wrong ${draws.below(10)}`, {
      extensions: { code: draws.of(['BAD_USER_INPUT', 'TABLES_NOT_READY']), argument: ['first'] },
    });
    switch (draws.below(6)) {
      case 0:
        throw error;
      case 1:
        throw new Error('inside');
      case 2:
        return error;
      case 3:
        return draws.of(['a text', 7, Number.NaN, {}]);
      case 4:
        return undefined;
      default:
        return null;
    }
  }

  #value(type: GraphQLOutputType, draws: Draws, seed: number): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, draws, seed);
    if (draws.chance(0.1)) return isListType(type) ? [] : this.#some(type, draws, seed);
    return this.#some(type, draws, seed);
  }

  #some(
    type: Exclude<GraphQLOutputType, { ofType: unknown }> | GraphQLOutputType,
    draws: Draws,
    seed: number,
  ): unknown {
    if (isListType(type)) {
      return Array.from({ length: draws.below(4) }, (_, index) => {
        if (draws.chance(this.trouble.probability / 2)) return draws.of([null, undefined, new Error('in the list')]);
        return this.#value(type.ofType, draws, numberOf(String(seed), String(index)));
      });
    }
    if (isEnumType(type)) return draws.of(type.getValues()).value;
    if (isInterfaceType(type)) return this.#thing(draws.of(this.schema.getPossibleTypes(type)), seed);
    if (isObjectType(type)) return this.#thing(type, seed);
    const leaf = leaves[`${type}`];
    return leaf === undefined ? `${type} ${seed % 1000}` : leaf(draws);
  }

  #thing(type: GraphQLObjectType, seed: number): Thing {
    let made = this.#classes.get(type.name);
    if (made === undefined) {
      made = this.#classOf(type);
      this.#classes.set(type.name, made);
    }
    return new made(seed);
  }

  /** A class with a getter for each field without a resolver, like the views of the server. */
  #classOf(type: GraphQLObjectType): new (seed: number) => Thing {
    const world = this;
    class Made implements Thing {
      readonly __typename = type.name;
      constructor(readonly seed: number) {}
    }
    for (const field of Object.values(type.getFields())) {
      if (this.#isResolved(type, field)) continue;
      Object.defineProperty(Made.prototype, field.name, {
        get(this: Thing) {
          const own = numberOf(String(this.seed), ownerOf(type, field), field.name);
          return world.#told(field.type, new Draws(own), own);
        },
      });
    }
    return Made;
  }
}
