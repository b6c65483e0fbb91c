import { GraphQLError, type GraphQLFormattedError, isValueNode } from 'graphql';
import { NewerEvent } from '../domain/upcast';
import { ContentUnavailable } from '../store/content/contentfaults';
import { Invalid, TooLarge, Unavailable, UnknownOutcome } from '../store/store';
import { ScannerUnavailable } from '../store/uploads/scanners';
import { ReadTooLong, TablesBehind, TablesNotReady, TablesRefused, TablesUnavailable } from '../tables/engine';

/**
 * Every error other than a business refusal: `extensions.code` of a top-level error, the HTTP status if the request was
 * not executed, and its meaning.
 */
export const ERRORS = {
  UNAUTHENTICATED: [401, 'The request carries no token, or none that this server accepts.'],
  TOKEN_EXPIRED: [401, 'The token was valid and has expired; fetch a new one.'],
  PROVIDER_UNAVAILABLE: [503, 'The keys of the token issuer cannot be fetched, so no token can be checked.'],
  FORBIDDEN: [403, 'The roles of the token do not allow this field.'],
  LINK_EXPIRED: [403, 'The signed link has expired; ask for a new one.'],
  CONTENT_NOT_HERE: [404, 'The bytes of this content are not kept here, or not whole.'],
  CONTENT_WITHHELD: [403, 'A scanner found malware in this content; it is not handed out.'],
  LINK_INVALID: [403, 'The link was not signed by this server, or was changed.'],
  NOT_APPROVED: [403, 'No approval of this content holds for this asset, so it may not be used.'],
  METHOD_NOT_ALLOWED: [405, 'Mutations must be sent by POST; GET is for queries only.'],
  BAD_REQUEST: [400, 'The request is not a GraphQL request.'],
  NOT_FOUND: [404, 'Nothing is served at this path, or nothing that accepts a body.'],
  REQUEST_TIMEOUT: [408, 'The request did not arrive in time: its headers within 15 s, all of it within 30 s.'],
  HOST_NOT_ALLOWED: [421, 'The Host header is not a name of this server; PALIMPSEST_HOSTS lists further names.'],
  ORIGIN_NOT_ALLOWED: [403, 'The Origin of this web page is not allowed; PALIMPSEST_ORIGINS lists those that are.'],
  HEADERS_TOO_LARGE: [431, 'The headers of the request are larger than this server reads.'],
  TOO_MANY_CONNECTIONS: [503, 'The server has its maximum number of WebSockets; connect again later.'],
  BODY_TOO_LARGE: [413, 'The request is larger than this server reads.'],
  GRAPHQL_PARSE_FAILED: [400, 'The document is not GraphQL.'],
  GRAPHQL_VALIDATION_FAILED: [400, 'The document does not fit the schema.'],
  OPERATION_RESOLUTION_FAILURE: [
    400,
    'The document has no operation of this name, or has several and the request names none.',
  ],
  PERSISTED_QUERY_NOT_SUPPORTED: [400, 'Persisted queries are not supported; send the whole document.'],
  BAD_USER_INPUT: [
    400,
    'An argument is invalid; `extensions.argument` names it, and `path` the field, if the operation was executed.',
  ],
  ANSWER_TOO_LARGE: [200, 'The answer is larger than this server sends; ask for fewer rows or fields.'],
  QUERY_TOO_COSTLY: [400, 'The operation is too deep or asks for too much in one request.'],
  TOO_MANY_SUBSCRIPTIONS: [429, 'The connection has its maximum number of subscriptions.'],
  TOO_MANY_EXPORTS: [429, 'The maximum number of exports is running; ask again when one has ended.'],
  GOING_AWAY: [503, 'The server is stopping; go on with the cursor of the last row.'],
  POSITION_NOT_REACHED: [
    200,
    'The tables do not include the required position yet, for instance that of `waitFor`; ask again.',
  ],
  QUERY_TOO_LONG: [
    503,
    'The tables needed more than 15 seconds for the answer, or too many such questions wait; narrow the filter, or ask later.',
  ],
  TABLES_NOT_READY: [503, 'The tables that answer this are being built; ask again in a moment.'],
  TABLES_UNAVAILABLE: [503, 'The tables cannot be reached at the moment; events already written are safe.'],
  CONTENT_UNAVAILABLE: [503, 'The bytes of contents, or the scanner, cannot be reached at the moment; ask again.'],
  CONTENT_STORE_FULL: [507, 'There is no room for more bytes; nothing was kept of what did not fit.'],
  STORE_UNAVAILABLE: [503, 'The store cannot be reached or cannot write; nothing was written.'],
  NEWER_PROGRAM_NEEDED: [503, 'The log holds an event written by a newer version of this program; update this server.'],
  OUTCOME_UNKNOWN: [503, 'It is unknown whether the act was written; repeat it with the same idempotency key.'],
  INTERNAL_SERVER_ERROR: [500, 'An internal error of this server; its log has the details.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;

/** Temporary errors, and the delay in milliseconds before a retry: `extensions.retryAfterMs`. */
const RETRY_AFTER_MS: { readonly [code in ErrorCode]?: number } = {
  PROVIDER_UNAVAILABLE: 5_000,
  TOO_MANY_CONNECTIONS: 5_000,
  TOO_MANY_EXPORTS: 5_000,
  GOING_AWAY: 5_000,
  POSITION_NOT_REACHED: 500,
  QUERY_TOO_LONG: 5_000,
  TABLES_NOT_READY: 1_000,
  TABLES_UNAVAILABLE: 2_000,
  CONTENT_UNAVAILABLE: 5_000,
  CONTENT_STORE_FULL: 60_000,
  STORE_UNAVAILABLE: 2_000,
  OUTCOME_UNKNOWN: 1_000,
};

/** Seconds for a `Retry-After` header, if the first error of an answer is temporary. */
export function retryAfter(errors: readonly GraphQLFormattedError[] | undefined): string | undefined {
  const milliseconds = errors?.[0]?.extensions?.retryAfterMs;
  return typeof milliseconds === 'number' ? String(Math.ceil(milliseconds / 1_000)) : undefined;
}

/** The cost of an operation, its limit, and the path of the field that accounts for most of it. */
export interface Cost {
  readonly requested: number;
  readonly limit: number;
  readonly field: readonly string[];
}

/** A top-level error with a stable code. `argument` is the path of the argument it is about. */
export function fault(code: ErrorCode, message?: string, argument?: readonly string[], cost?: Cost): GraphQLError {
  const [status, meaning] = ERRORS[code];
  return new GraphQLError(message ?? meaning, {
    extensions: {
      code,
      ...(argument === undefined ? {} : { argument }),
      ...(cost === undefined ? {} : { cost }),
      http: { status },
    },
  });
}

function codeOf(cause: unknown, formatted: GraphQLFormattedError): { code: ErrorCode; message: string } | undefined {
  if (cause instanceof Unavailable) return { code: 'STORE_UNAVAILABLE', message: ERRORS.STORE_UNAVAILABLE[1] };
  if (cause instanceof TablesUnavailable || cause instanceof TablesRefused) {
    return { code: 'TABLES_UNAVAILABLE', message: ERRORS.TABLES_UNAVAILABLE[1] };
  }
  if (cause instanceof ContentUnavailable) {
    const code = cause.trouble === 'full' ? 'CONTENT_STORE_FULL' : 'CONTENT_UNAVAILABLE';
    return { code, message: ERRORS[code][1] };
  }
  if (cause instanceof ScannerUnavailable)
    return { code: 'CONTENT_UNAVAILABLE', message: ERRORS.CONTENT_UNAVAILABLE[1] };
  if (cause instanceof ReadTooLong) return { code: 'QUERY_TOO_LONG', message: cause.message };
  if (cause instanceof TablesNotReady) return { code: 'TABLES_NOT_READY', message: cause.message };
  if (cause instanceof TablesBehind) return { code: 'POSITION_NOT_REACHED', message: cause.message };
  if (cause instanceof NewerEvent) return { code: 'NEWER_PROGRAM_NEEDED', message: cause.message };
  if (cause instanceof UnknownOutcome) return { code: 'OUTCOME_UNKNOWN', message: ERRORS.OUTCOME_UNKNOWN[1] };
  if (cause instanceof TooLarge || cause instanceof Invalid) {
    return { code: 'BAD_USER_INPUT', message: cause.message };
  }
  const codes = [cause, formatted].map((error) => (error as GraphQLError | undefined)?.extensions?.code as string);
  const isMethod = (cause as GraphQLError | undefined)?.extensions?.http as { status?: number } | undefined;
  if (isMethod?.status === ERRORS.METHOD_NOT_ALLOWED[0])
    return { code: 'METHOD_NOT_ALLOWED', message: formatted.message };
  const code = codes.find((known) => known in ERRORS && known !== 'INTERNAL_SERVER_ERROR');
  if (code !== undefined) return { code: code as ErrorCode, message: formatted.message };
  return refusesArgument(cause) ? { code: 'BAD_USER_INPUT', message: cause.message } : undefined;
}

/**
 * An error that validation does not find and the executor does: a variable with a default that is null where null is
 * not allowed. Such an error points to a value in the document; an error of a resolver points to a field.
 */
function refusesArgument(cause: unknown): cause is GraphQLError {
  const [node] = cause instanceof GraphQLError ? (cause.nodes ?? []) : [];
  return node !== undefined && isValueNode(node);
}

const argumentOf = (cause: GraphQLError): readonly string[] | undefined =>
  /^Argument "(\w+)"/.exec(cause.message)?.slice(1);

/** The innermost error: executors wrap a resolver's error to add its location. */
function causeOf(error: unknown): unknown {
  let cause = error;
  for (let depth = 0; depth < 8; depth += 1) {
    const inner = (cause as { originalError?: unknown } | undefined)?.originalError;
    if (inner === undefined || inner === null) break;
    cause = inner;
  }
  return cause;
}

/** Codes that are not faults of this server, but that its operator must know of. */
const OPERATORS: ReadonlySet<ErrorCode> = new Set([
  'STORE_UNAVAILABLE',
  'TABLES_UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'NEWER_PROGRAM_NEEDED',
]);

/**
 * Maximum length of a message. The GraphQL library repeats client input in more than ten messages and escapes it each
 * time, so an answer could be forty times as long as its request.
 */
const LONGEST_MESSAGE = 1000;

const shortened = (message: string): string =>
  message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE).replace(/\p{Cs}$/u, '')}…`;

/** Formats an error for an answer. An unknown error is reported and its details are hidden from the client. */
export function formatError(report: (error: unknown) => void) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = causeOf(error);
    const known = codeOf(cause, formatted);
    if (known === undefined || OPERATORS.has(known.code)) report(cause);
    const { argument = refusesArgument(cause) ? argumentOf(cause) : undefined, cost } =
      (cause as GraphQLError | undefined)?.extensions ?? {};
    const code = known?.code ?? 'INTERNAL_SERVER_ERROR';
    const retryAfterMs = RETRY_AFTER_MS[code];
    return {
      message: shortened(known?.message ?? ERRORS.INTERNAL_SERVER_ERROR[1]),
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: {
        code,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(argument === undefined ? {} : { argument }),
        ...(cost === undefined ? {} : { cost }),
      },
    };
  };
}
