import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError, getOperationAST, parse, validate } from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { Asking } from './asking';
import type { Authenticator } from './auth';
import type { Session } from './claims';
import type { Variables } from './cost';
import type { ApiDependencies } from './dependencies';
import { type ErrorCode, fault } from './errors';
import type { Execution } from './execution';
import { BODY_LIMIT, MAX_TOKENS } from './limits';
import type { Plan } from './plan';

/** Operations one connection may have at once. */
const MOST_OPERATIONS = 20;
const MOST_CONNECTIONS = 1000;
const INIT_TIMEOUT = 5000;
/** How long a stopping server waits for its last answers over sockets, and then for clients to say goodbye. Milliseconds. */
const LAST_ANSWERS = 10_000;
const GOODBYE = 2000;
/** Close codes of the protocol: unauthorised is final, forbidden may be tried again with a new token. */
const UNAUTHORISED = 4401;
const FORBIDDEN = 4403;

type Added = { session?: Session; expiry?: NodeJS.Timeout };
type Connected = Extra & Added;
type Connection = Context<Record<string, unknown>, Connected>;
type Admitted = ExecutionArgs & { readonly plan: Plan; readonly coerced: Variables };

interface Doors {
  readonly dependencies: ApiDependencies;
  readonly authenticator: Authenticator;
  readonly execution: Execution;
  readonly path: string;
}

/** GraphQL over WebSocket (`graphql-transport-ws`), behind the same gates as over HTTP. */
export function serveSockets(server: Server, doors: Doors): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: BODY_LIMIT });
  const answering = new Set<Promise<unknown>>();
  const served = useServer<Record<string, unknown>, Added>(
    {
      connectionInitWaitTimeout: INIT_TIMEOUT,
      onConnect: (connection) => connect(connection, doors.authenticator),
      onClose: ({ extra }) => clearTimeout(extra.expiry),
      onSubscribe: (connection, _id, payload) => subscribe(connection, payload, doors),
      execute: (args) => {
        const { plan, document, contextValue, variableValues, coerced } = args as unknown as Admitted;
        const variables = { given: variableValues ?? {}, coerced };
        const answer = doors.execution.run(plan, document, contextValue as Asking, variables);
        const done = answer.finally(() => answering.delete(done)).catch(() => undefined);
        answering.add(done);
        return answer as never;
      },
      onNext: (_connection, _id, _payload, args, result) => {
        const watched = (args as unknown as Admitted).plan.operation.operation === 'subscription';
        return (watched ? doors.execution.shown(result) : result) as never;
      },
      onError: (_connection, _id, _payload, errors) => doors.execution.refused(errors as GraphQLError[]).errors,
    },
    sockets,
  );
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Split, not parsed: what stands in a request line need not be a URL.
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== doors.path || sockets.clients.size >= MOST_CONNECTIONS) {
      // Whoever is refused may be gone before the answer: without a listener that would end the whole process.
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${path === doors.path ? '503 Service Unavailable' : '404 Not Found'}\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  server.on('upgrade', upgrade);
  return {
    async close() {
      server.off('upgrade', upgrade);
      await within(LAST_ANSWERS, Promise.all(answering));
      const silent = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, GOODBYE);
      // Tells every client that the server is going away (1001): it goes on elsewhere from its last cursor.
      await served.dispose();
      clearTimeout(silent);
    },
  };
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** The token comes in the first message, or as a header where the client can set one. */
async function connect(connection: Connection, authenticator: Authenticator): Promise<boolean> {
  const { connectionParams, extra } = connection;
  const given =
    connectionParams?.Authorization ?? connectionParams?.authorization ?? extra.request.headers.authorization;
  try {
    const session = await authenticator.session(typeof given === 'string' ? given : undefined);
    extra.session = session;
    // A token's end is the connection's end, however long it stays open. Timers hold at most 2^31 - 1 ms.
    const left = Math.min(session.expiresAt - Date.now(), 2 ** 31 - 1);
    extra.expiry = setTimeout(() => extra.socket.close(FORBIDDEN, 'TOKEN_EXPIRED'), left);
    extra.expiry.unref();
    return true;
  } catch (error) {
    const code = (error as GraphQLError).extensions?.code as ErrorCode | undefined;
    extra.socket.close(code === 'TOKEN_EXPIRED' ? FORBIDDEN : UNAUTHORISED, code ?? 'INTERNAL_SERVER_ERROR');
    return false;
  }
}

function subscribe(connection: Connection, payload: SubscribePayload, doors: Doors): Admitted | GraphQLError[] {
  const { session } = connection.extra;
  if (session === undefined) return [fault('UNAUTHENTICATED')];
  if (session.expiresAt <= Date.now()) return [fault('TOKEN_EXPIRED')];
  if (Object.keys(connection.subscriptions).length > MOST_OPERATIONS) {
    return [fault('TOO_MANY_SUBSCRIPTIONS', `One connection may have ${MOST_OPERATIONS} operations at once.`)];
  }
  const { schema } = doors.execution;
  const { query, operationName } = payload;
  let document: ReturnType<typeof parse>;
  try {
    document = parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    return [fault('GRAPHQL_PARSE_FAILED', (error as Error).message)];
  }
  const invalid = validate(schema, document);
  if (invalid.length > 0) {
    return invalid.map(
      ({ message, nodes }) => new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
    );
  }
  const operation = getOperationAST(document, operationName ?? undefined);
  if (!operation) return [fault('OPERATION_RESOLUTION_FAILURE')];
  const variableValues = (payload.variables ?? {}) as Record<string, unknown>;
  const asking = new Asking(doors.dependencies, session);
  const plan = doors.execution.plan(createHash('sha256').update(query).digest('hex'), document, operation);
  const admitted = doors.execution.admit(plan, asking, variableValues);
  if ('errors' in admitted) return [...admitted.errors];
  return { schema, document, operationName, variableValues, contextValue: asking, plan, ...admitted };
}
