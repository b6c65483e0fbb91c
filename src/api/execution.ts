import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLResponse, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute as executePlainly,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getVariableValues,
} from 'graphql';
import type { Asking } from './asking';
import type { Variables } from './cost';
import { ERRORS, type ErrorCode, fault, type formatError, retryAfter } from './errors';
import { KnownOperations } from './operations';
import { type Plan, Plans } from './plan';

type Format = ReturnType<typeof formatError>;
type Errors = readonly GraphQLError[];
interface Formatted {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

/**
 * Executes a parsed and validated operation: roles and cost first, then the compiled form where there is one. The same
 * function serves HTTP and WebSocket, so that the same gates stand before both.
 */
export class Execution {
  readonly #plans: Plans;
  /** What came in over HTTP and was found valid. */
  readonly known = new KnownOperations();

  constructor(
    readonly schema: GraphQLSchema,
    readonly format: Format,
  ) {
    this.#plans = new Plans(schema);
  }

  plan(...of: Parameters<Plans['of']>): Plan {
    return this.#plans.of(...of);
  }

  /** Coerces variables and checks roles and cost; gives the errors where one of them does not hold. */
  admit(plan: Plan, asking: Asking, given: Variables): { readonly coerced: Variables } | { readonly errors: Errors } {
    const { errors, coerced } = getVariableValues(this.schema, plan.operation.variableDefinitions ?? [], given, {
      maxErrors: 10,
    });
    if (errors !== undefined) return { errors: errors.map(badVariable) };
    try {
      plan.check(asking.session, coerced);
      return { coerced };
    } catch (error) {
      return { errors: [error as GraphQLError] };
    }
  }

  /** Executes what was admitted: compiled with the coerced variables, or plainly with those given. */
  async run(
    plan: Plan,
    document: DocumentNode,
    asking: Asking,
    variables: { readonly given: Variables; readonly coerced: Variables },
  ): Promise<Formatted> {
    const compiled = plan.compiled();
    const result: ExecutionResult =
      compiled === undefined
        ? await executePlainly({
            schema: this.schema,
            document,
            contextValue: asking,
            variableValues: variables.given,
            operationName: plan.operation.name?.value,
          })
        : await compiled.query(undefined, asking, variables.coerced);
    return this.shown(result, asking.position === undefined ? undefined : { position: asking.position });
  }

  /** A result with its errors in the form of an answer. */
  shown({ data = null, errors: failed }: ExecutionResult, extensions?: Formatted['extensions']): Formatted {
    if (failed === undefined || failed.length === 0) return extensions === undefined ? { data } : { data, extensions };
    const errors = failed.map((error) => this.#formatted(error));
    return extensions === undefined ? { data, errors } : { data, errors, extensions };
  }

  /** The answer to an operation that was not executed. */
  refused(errors: readonly GraphQLError[]): Formatted {
    return { errors: errors.map((error) => this.#formatted(error)) };
  }

  #formatted(error: GraphQLError): GraphQLFormattedError {
    const plain = {
      message: error.message,
      ...(error.locations === undefined ? {} : { locations: error.locations }),
      ...(error.path === undefined ? {} : { path: error.path }),
      extensions: error.extensions ?? {},
    };
    return this.format(plain, error);
  }
}

/** The message says which part of which variable is wrong; `extensions.argument` says it for a program. */
function badVariable(error: GraphQLError): GraphQLError {
  const [, variable = ''] = /^Variable "\$(\w+)"/.exec(error.message) ?? [];
  const [, inside] = /at "([^"]+)"/.exec(error.message) ?? [];
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    extensions: { code: 'BAD_USER_INPUT', argument: (inside ?? variable).split('.') },
  });
}

/** Puts the execution in place of Apollo's, which would interpret the document anew for every request. */
export function executionPlugin(execution: () => Execution, headers: () => HeaderMap): ApolloServerPlugin<Asking> {
  const answer = (singleResult: Formatted, status?: number): GraphQLResponse => {
    const given = headers();
    const again = retryAfter(singleResult.errors);
    if (again !== undefined) given.set('retry-after', again);
    return { body: { kind: 'single', singleResult }, http: { status, headers: given } };
  };
  const hooks = {
    async responseForOperation(context: GraphQLRequestContext<Asking>): Promise<GraphQLResponse | null> {
      const { operation, document, queryHash, request, contextValue } = context;
      if (!operation || !document || queryHash === undefined) return null;
      if (operation.operation === 'subscription') {
        const error = fault('BAD_REQUEST', 'Subscriptions are served over WebSocket (graphql-transport-ws).');
        return answer(execution().refused([error]), 400);
      }
      const plan = execution().plan(queryHash, document, operation);
      execution().known.remember(context.source ?? '', request.operationName ?? undefined, { plan, document });
      const given = request.variables ?? {};
      const admitted = execution().admit(plan, contextValue, given);
      if ('errors' in admitted) return answer(execution().refused(admitted.errors), statusOf(admitted.errors));
      return answer(await execution().run(plan, document, contextValue, { given, ...admitted }));
    },
  };
  return { requestDidStart: async () => hooks };
}

function statusOf(errors: Errors): number {
  const code = errors[0]?.extensions.code as ErrorCode | undefined;
  return code === undefined ? 400 : ERRORS[code][0];
}
