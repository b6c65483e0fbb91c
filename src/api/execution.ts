import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextWillSendResponse,
  GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute as executePlainly,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  NoFragmentCyclesRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { isTooLarge } from './answer';
import type { Asking } from './asking';
import { compilable } from './compiled';
import type { Variables } from './cost';
import { ERRORS, type ErrorCode, fault, type formatError, retryAfter } from './errors';
import { MAX_ERRORS, MAX_TOKENS } from './limits';
import { KnownOperations } from './operations';
import { makePlan, type Plan } from './plan';
import { type Size, sizeOf } from './unfolding';

type Format = ReturnType<typeof formatError>;
type Errors = readonly GraphQLError[];
interface Formatted {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

/** An operation with at most this cost cannot have an answer that is too large, whatever its texts. */
const ALWAYS_SMALL = 100;

/** Variables as coerced by the GraphQL library, and the operation's cost with them. */
export interface Admitted {
  readonly coerced: Variables;
  readonly cost: number;
}

/**
 * Executes operations: checks the document's size, its validity, then roles and cost, and uses the compiled form if
 * there is one. The same function serves HTTP and WebSocket, so that both apply the same checks.
 */
export class Execution {
  #compilable: GraphQLSchema | undefined;
  readonly #known = new KnownOperations();

  constructor(
    readonly schema: GraphQLSchema,
    readonly format: Format,
  ) {}

  /** The plan of a recently requested operation. */
  known(text: string, operationName: string | undefined): Plan | undefined {
    return this.#known.get(text, operationName);
  }

  /** The plan of an operation of a document, parsed already or not; the errors if it cannot be executed. */
  plan(text: string, operationName?: string, parsed?: DocumentNode): Plan | { readonly errors: Errors } {
    const known = this.#known.get(text, operationName);
    if (known !== undefined) return known;
    const document = parsed ?? parsedFrom(text);
    if (document instanceof GraphQLError) return { errors: [document] };
    const size = this.#sizeOf(document);
    if ('errors' in size) return size;
    const operation = getOperationAST(document, operationName);
    if (!operation) return { errors: [fault('OPERATION_RESOLUTION_FAILURE')] };
    const plan = makePlan(this.schema, this.#forCompiler, document, operation, size);
    this.#known.remember(text, operationName, plan);
    return plan;
  }

  /** Created when the first query is compiled, so that it does not delay the start. */
  readonly #forCompiler = (): GraphQLSchema => {
    this.#compilable ??= compilable(this.schema);
    return this.#compilable;
  };

  /** The size of a valid document. */
  #sizeOf(document: DocumentNode): Size | { readonly errors: Errors } {
    // A fragment that contains itself could be expanded forever.
    const circles = this.#invalid(document, [NoFragmentCyclesRule]);
    if (circles.length > 0) return { errors: circles };
    const size = sizeOf(document);
    if (size instanceof GraphQLError) return { errors: [size] };
    const invalid = this.#invalid(document, specifiedRules);
    return invalid.length > 0 ? { errors: invalid } : size;
  }

  #invalid(document: DocumentNode, rules: readonly ValidationRule[]): Errors {
    return validate(this.schema, document, rules, { maxErrors: MAX_ERRORS }).map(
      ({ message, nodes, extensions }) =>
        new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...extensions } }),
    );
  }

  /** Coerces variables and checks roles and cost; returns the errors if a check fails. */
  admit(plan: Plan, asking: Asking, given: Variables): Admitted | { readonly errors: Errors } {
    const { errors, coerced } = getVariableValues(this.schema, plan.operation.variableDefinitions ?? [], given, {
      maxErrors: MAX_ERRORS,
    });
    if (errors !== undefined) return { errors: errors.map(badVariable) };
    try {
      return { coerced, cost: plan.check(asking.session, coerced) };
    } catch (error) {
      return { errors: [error as GraphQLError] };
    }
  }

  /** Executes an admitted operation: compiled with the coerced variables, or plainly with the given ones. */
  async run(
    { document, operation, compiled }: Plan,
    asking: Asking,
    { given, coerced, cost }: Admitted & { readonly given: Variables },
  ): Promise<Formatted> {
    const result =
      (await compiled?.answer(asking, coerced)) ??
      (await executePlainly({
        schema: this.schema,
        document,
        contextValue: asking,
        variableValues: given,
        operationName: operation.name?.value,
      }));
    if (cost > ALWAYS_SMALL && isTooLarge(result.data)) return this.#tooLarge(operation.operation, positionOf(asking));
    // An error that nullifies the whole answer may occur before or after another field has read anything.
    return this.shown(result, result.data == null ? undefined : positionOf(asking));
  }

  /** A result with its errors in the form of an answer. */
  shown({ data = null, errors: failed }: ExecutionResult, extensions?: Formatted['extensions']): Formatted {
    if (failed === undefined || failed.length === 0) return extensions === undefined ? { data } : { data, extensions };
    const errors = failed.map((error) => this.#formatted(error));
    return extensions === undefined ? { data, errors } : { data, errors, extensions };
  }

  /** One result of a subscription. */
  watched(result: ExecutionResult): Formatted {
    return isTooLarge(result.data) ? this.#tooLarge('subscription', undefined) : this.shown(result);
  }

  #tooLarge(operation: string, extensions: Formatted['extensions']): Formatted {
    // Repeating the mutation with the same keys is safe, and a smaller selection gives a smaller answer.
    const written = operation === 'mutation' ? ' Events already written are safe.' : '';
    const { errors } = this.refused([fault('ANSWER_TOO_LARGE', `${ERRORS.ANSWER_TOO_LARGE[1]}${written}`)]);
    return extensions === undefined ? { data: null, errors } : { data: null, errors, extensions };
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

function positionOf({ position }: Asking): Formatted['extensions'] {
  return position === undefined ? undefined : { position };
}

/** The message says which part of which variable is wrong; `extensions.argument` says it for programs. */
export function badVariable(error: GraphQLError): GraphQLError {
  const [, variable = ''] = /^Variable "\$(\w+)"/.exec(error.message) ?? [];
  const [, inside] = /at "([^"]+)"/.exec(error.message) ?? [];
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    extensions: { code: 'BAD_USER_INPUT', argument: (inside ?? variable).split(/[.[\]]+/).filter(Boolean) },
  });
}

/**
 * Replaces Apollo's execution, which would interpret the document for every request. Apollo itself does not validate
 * (see the module's settings), because it would do so before the document's size is checked.
 */
export function executionPlugin(execution: () => Execution, headers: () => HeaderMap): ApolloServerPlugin<Asking> {
  const answer = (singleResult: Formatted, status?: number): GraphQLResponse => {
    const given = headers();
    const again = retryAfter(singleResult.errors);
    if (again !== undefined) given.set('retry-after', again);
    return { body: { kind: 'single', singleResult }, http: { status, headers: given } };
  };
  const hooks = {
    async responseForOperation(context: GraphQLRequestContext<Asking>): Promise<GraphQLResponse | null> {
      const { operation, document, source, request, contextValue } = context;
      // This server reports a missing operation itself.
      if (!operation || !document) return null;
      const plan = execution().plan(source ?? '', request.operationName ?? undefined, document);
      if ('errors' in plan) return answer(execution().refused(plan.errors), statusOf(plan.errors));
      if (operation.operation === 'subscription') {
        const error = fault('BAD_REQUEST', 'Subscriptions are served over WebSocket (graphql-transport-ws).');
        return answer(execution().refused([error]), 400);
      }
      const given = request.variables ?? {};
      const admitted = execution().admit(plan, contextValue, given);
      if ('errors' in admitted) return answer(execution().refused(admitted.errors), statusOf(admitted.errors));
      return answer(await execution().run(plan, contextValue, { given, ...admitted }));
    },
    // Apollo gives some refusals a status of its own; the documented status applies to whatever was not executed.
    async willSendResponse({ response }: GraphQLRequestContextWillSendResponse<Asking>): Promise<void> {
      if (response.body.kind !== 'single' || 'data' in response.body.singleResult) return;
      const code = response.body.singleResult.errors?.[0]?.extensions?.code;
      if (typeof code === 'string' && code in ERRORS) response.http.status = ERRORS[code as ErrorCode][0];
    },
  };
  return { requestDidStart: async () => hooks };
}

function parsedFrom(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    // Thousands of brackets overflow the parser's stack, which is no fault of the server.
    return fault('GRAPHQL_PARSE_FAILED', (error as Error).message);
  }
}

function statusOf(errors: Errors): number {
  const code = errors[0]?.extensions.code as ErrorCode | undefined;
  return code === undefined ? 400 : ERRORS[code][0];
}
