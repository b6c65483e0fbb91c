import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  GraphQLInterfaceType,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type OperationDefinitionNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Asking } from './asking';
import type { Variables } from './cost';
import { Kinds, TYPE_NAME } from './kinds';
import { COERCED, conditionsOf, type Specialised, specialise } from './specialise';

/** Compiling costs more than one execution, so only a repeated operation is compiled. */
const COMPILED_FROM_USE = 2;
/** Maximum number of compiled forms per operation: one for each combination of its `@skip` and `@include` values. */
const MOST_FORMS = 4;
/** Maximum number of selections, with fragments expanded; beyond that, compiling takes too long and too much memory. */
export const MOST_COMPILED = 600;

/** Context of a compiled query: the request, and a callback for faults that no resolver threw. */
interface Running {
  readonly asking: Asking;
  readonly kinds: Kinds;
  readonly failed: (error: unknown) => void;
}

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * The schema as the compiler takes it: with a variable type for compiled operations, and with resolvers whose results
 * report errors that occur after they return. Otherwise a row getter that throws would cause an unhandled rejection,
 * which ends the process, and the query would never be answered.
 */
export function compilable(schema: GraphQLSchema): GraphQLSchema {
  const known = new Map<Resolver, Resolver>();
  const watched = mapSchema(schema, {
    [MapperKind.INTERFACE_TYPE]: (type) => new GraphQLInterfaceType(standingIn(type.toConfig(), type)),
    [MapperKind.OBJECT_TYPE]: (type) => (type.getInterfaces().length > 0 ? namingItsType(type) : type),
    [MapperKind.OBJECT_FIELD]: (field) => {
      if (!field.resolve) return field;
      // Types that share a resolver keep sharing one function.
      const resolve = known.get(field.resolve) ?? watching(field.resolve);
      known.set(field.resolve, resolve);
      return { ...field, resolve };
    },
  });
  const config = watched.toConfig();
  return new GraphQLSchema({ ...config, types: [...config.types, COERCED] });
}

/** An interface whose implementations are the types that a compiled query distinguishes. */
function standingIn(
  config: ConstructorParameters<typeof GraphQLInterfaceType>[0],
  type: GraphQLInterfaceType,
): ConstructorParameters<typeof GraphQLInterfaceType>[0] {
  const resolveType = (thing: { readonly __typename: string }, { kinds }: Running): string =>
    kinds.standIn(type, thing.__typename);
  return { ...config, resolveType };
}

/** Adds a field with the type's own name, since the compiler treats it as the type that represents its kind. */
function namingItsType(type: GraphQLObjectType): GraphQLObjectType {
  const config = type.toConfig();
  const name = {
    type: new GraphQLNonNull(GraphQLString),
    resolve: ({ __typename }: { readonly __typename: string }) => __typename,
  };
  return new GraphQLObjectType({ ...config, fields: { ...config.fields, [TYPE_NAME]: name } });
}

function watching(resolve: Resolver): Resolver {
  return (source, args, running, info) => {
    const { asking, failed } = running as Running;
    const value = resolve(source, args, asking, info);
    if (!(value instanceof Promise)) return value;
    // biome-ignore lint/suspicious/noThenProperty: the compiler takes whatever has one, and calls it once.
    return { then: (...handlers: Parameters<typeof value.then>) => value.then(...handlers).catch(failed) };
  };
}

interface Form {
  uses: number;
  made?: { readonly query: CompiledQuery['query']; readonly specialised: Specialised; readonly kinds: Kinds };
}

/** A query in its compiled forms: much faster than the plain executor, and used as long as nothing fails. */
export class Compiled {
  readonly #conditions: readonly string[];
  readonly #forms = new Map<string, Form>();

  constructor(
    readonly schema: () => GraphQLSchema,
    readonly document: DocumentNode,
    readonly operation: OperationDefinitionNode,
  ) {
    this.#conditions = conditionsOf(document);
  }

  /**
   * The answer, if there is one without errors. Undefined if the query is not compiled yet, cannot be compiled, or
   * failed: only the plain executor gives errors their places and order.
   */
  async answer(asking: Asking, coerced: Variables): Promise<ExecutionResult | undefined> {
    const made = this.#formFor(coerced)?.made;
    const variables = made?.specialised.variables(coerced);
    if (made === undefined || variables === undefined) return undefined;
    try {
      const result = await new Promise<ExecutionResult>((resolve, failed) => {
        const running: Running = { asking, kinds: made.kinds, failed };
        Promise.resolve(made.query(undefined, running, variables)).then(resolve, failed);
      });
      return result.errors === undefined || result.errors.length === 0 ? result : undefined;
    } catch {
      return undefined;
    }
  }

  #formFor(coerced: Variables): Form | undefined {
    const key = this.#conditions.map((name) => answerOf(coerced[name])).join('');
    let form = this.#forms.get(key);
    if (form === undefined) {
      if (this.#forms.size >= MOST_FORMS) return undefined;
      form = { uses: 0 };
      this.#forms.set(key, form);
    }
    form.uses += 1;
    if (form.uses === COMPILED_FROM_USE) form.made = this.#make(coerced);
    return form;
  }

  #make(coerced: Variables): Form['made'] {
    const schema = this.schema();
    const specialised = specialise(schema, this.document, this.operation, coerced);
    if (specialised === undefined) return undefined;
    const kinds = new Kinds(schema, specialised.document);
    const operation = specialised.document.definitions[0] as OperationDefinitionNode;
    if (kinds.size(operation, MOST_COMPILED) > MOST_COMPILED) return undefined;
    const options = { disablingCapturingStackErrors: true };
    const query = compileQuery(kinds.schema, specialised.document, this.operation.name?.value, options);
    return isCompiledQuery(query) ? { query: query.query, specialised, kinds } : undefined;
  }
}

/** One letter per condition, since a variable of the same name may hold a long text in another operation. */
function answerOf(condition: unknown): string {
  if (typeof condition !== 'boolean') return '-';
  return condition ? 'y' : 'n';
}
