import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, subscribe as subscribePlainly } from 'graphql';
import { type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { Asking } from './asking';
import type { Authenticator } from './auth';
import type { ApiDependencies } from './dependencies';
import { type ErrorCode, fault } from './errors';
import type { Admitted, Execution } from './execution';
import { type Member, Members } from './members';
import type { Plan } from './plan';
import type { Quotas } from './quotas';
import { Utf8Socket } from './utf8';

/** How long a stopping server waits for its last answers over sockets, and then for close handshakes. Milliseconds. */
const LAST_ANSWERS = 10_000;
const GOODBYE = 2000;
/** Maximum characters of an operation's id, which every answer repeats. */
const LONGEST_ID = 128;
/** Maximum number of parts of a message: protocol frames, and network chunks. */
const MOST_FRAGMENTS = 1024;
const MOST_CHUNKS = 4096;
/** How often per heartbeat stalled clients are looked for. */
const LOOKS = 4;

type Connection = Context<Record<string, unknown>, Member>;
type Subscribed = ExecutionArgs & Admitted & { readonly plan: Plan; readonly member: Member };
type Watching = AsyncGenerator<ExecutionResult, void, void>;

interface Doors {
  readonly dependencies: ApiDependencies;
  readonly authenticator: Authenticator;
  readonly execution: Execution;
  readonly quotas: Quotas;
  readonly report: (error: unknown) => void;
  /** Why an upgrade is refused, or undefined, and the function that refuses it. */
  readonly refusal: (request: IncomingMessage) => ErrorCode | undefined;
  readonly refuse: (socket: Socket, code: ErrorCode) => void;
}

/** GraphQL over WebSocket (`graphql-transport-ws`), with the same checks as over HTTP. */
export function serveSockets(server: Server, doors: Doors): { close(): Promise<void> } {
  const { quotas } = doors;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: quotas.messageBytes,
    maxFragments: MOST_FRAGMENTS,
    maxBufferedChunks: MOST_CHUNKS,
    perMessageDeflate: false,
    handleProtocols,
    WebSocket: Utf8Socket,
  });
  const members = new Members(quotas, doors.report);
  const answering = new Set<Promise<unknown>>();
  const watching = new Set<Promise<unknown>>();
  const graph = graphServer(doors, members, { answering, watching });
  const upgrade = (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    const refusal = doors.refusal(request) ?? (members.isFull ? 'TOO_MANY_CONNECTIONS' : undefined);
    if (refusal !== undefined) {
      doors.refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const member = members.enter(opened, request);
      const closed = graph.opened(member.line, member);
      let gone = false;
      const end = (code: number, reason: string): void => {
        if (!gone) closed(code, reason).catch(doors.report);
        gone = true;
      };
      // Results after the end have no receiver, so nothing would throttle them.
      member.line.onEnd = end;
      opened.once('close', (code, reason) => end(code, String(reason)));
    });
  };
  server.on('upgrade', upgrade);
  const looking = setInterval(() => {
    for (const line of members.lines) line.look();
  }, quotas.heartbeat / LOOKS).unref();
  const beating = setInterval(() => {
    for (const line of members.lines) line.beat();
    for (const member of members) member.recheck(doors.authenticator).catch(doors.report);
  }, quotas.heartbeat).unref();
  return {
    async close() {
      server.off('upgrade', upgrade);
      await within(LAST_ANSWERS, Promise.all(answering));
      clearInterval(looking);
      clearInterval(beating);
      const silent = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, GOODBYE);
      // Tells every client that the server is stopping: it resumes elsewhere from its last cursor.
      for (const line of members.lines) line.end('GOING_AWAY');
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(silent);
      // A subscription that waits for its position in the log ends when that wait does.
      await within(LAST_ANSWERS, Promise.all(watching));
    },
  };
}

/** Pending work for clients: answers, and subscriptions until their source has ended. */
interface AtWork {
  readonly answering: Set<Promise<unknown>>;
  readonly watching: Set<Promise<unknown>>;
}

function graphServer(doors: Doors, members: Members, { answering, watching }: AtWork) {
  return makeServer<Record<string, unknown>, Member>({
    connectionInitWaitTimeout: doors.quotas.initTimeout,
    onConnect: async ({ extra, connectionParams }) => {
      const session = await extra.identify(connectionParams, doors.authenticator);
      return session !== undefined && members.admit(extra, session);
    },
    onSubscribe: (connection, id, payload) => admitted(connection, id, payload, doors),
    execute: (args) => {
      const { plan, contextValue, variableValues, coerced, cost, member } = args as unknown as Subscribed;
      const asking = contextValue as Asking;
      const variables = { given: variableValues ?? {}, coerced, cost };
      const answer = doors.execution.run(plan, asking, variables).finally(() => member.running.delete(asking));
      const done = answer.finally(() => answering.delete(done)).catch(() => undefined);
      answering.add(done);
      return answer as never;
    },
    subscribe: (args) => watched(args as unknown as Subscribed, watching) as never,
    onNext: (_connection, _id, _payload, args, result) => {
      const { plan, contextValue } = args as unknown as Subscribed;
      if (plan.operation.operation !== 'subscription') return result as never;
      (contextValue as Asking).told();
      return doors.execution.watched(result) as never;
    },
    onError: (_connection, _id, _payload, errors) => doors.execution.refused(errors as GraphQLError[]).errors,
  });
}

/** Counts a subscription as running until its source has ended, which may be after the client completed it. */
async function watched(args: Subscribed, watching: AtWork['watching']): Promise<Watching | ExecutionResult> {
  const { member } = args;
  let ended: (() => void) | undefined;
  const whole = new Promise<void>((resolve) => {
    ended = resolve;
  });
  watching.add(whole);
  const done = (): void => {
    member.running.delete(args.contextValue as Asking);
    watching.delete(whole);
    ended?.();
  };
  let source: Watching;
  try {
    const result = await subscribePlainly(args);
    if (!(Symbol.asyncIterator in result)) {
      done();
      return result;
    }
    source = result as Watching;
  } catch (error) {
    done();
    throw error;
  }
  const ending = async (step: Promise<IteratorResult<ExecutionResult, void>>, last = false) => {
    try {
      const result = await step;
      if (result.done === true || last) done();
      return result;
    } catch (error) {
      done();
      throw error;
    }
  };
  const results: Watching = {
    next: () => ending(turn().then(() => source.next())),
    return: () => ending(source.return(), true),
    throw: (error: unknown) => ending(source.throw(error), true),
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: async () => {
      await results.return();
    },
  };
  return results;
}

/**
 * Yields to all other pending input: as long as a client keeps reading, a subscription would go through the whole log
 * without a pause.
 */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** The operation to execute, or the errors that refuse it. */
function admitted(
  { extra: member }: Connection,
  id: string,
  payload: SubscribePayload,
  doors: Doors,
): Subscribed | GraphQLError[] {
  const { session, running, line } = member;
  if (session === undefined) return [fault('UNAUTHENTICATED')];
  if (session.expiresAt <= Date.now()) return [fault('TOKEN_EXPIRED')];
  if (id.length > LONGEST_ID) {
    line.end('INVALID_MESSAGE', `an id has at most ${LONGEST_ID} characters`);
    return [fault('BAD_REQUEST')];
  }
  const most = doors.quotas.operations;
  if (running.size >= most) {
    return [fault('TOO_MANY_SUBSCRIPTIONS', `One connection may have ${most} operations at once.`)];
  }
  const { query, operationName } = payload;
  const plan = doors.execution.plan(query, operationName ?? undefined);
  if ('errors' in plan) return [...plan.errors];
  const variableValues = (payload.variables ?? {}) as Record<string, unknown>;
  const asking = new Asking(doors.dependencies, session);
  const checked = doors.execution.admit(plan, asking, variableValues);
  if ('errors' in checked) return [...checked.errors];
  running.add(asking);
  const { schema } = doors.execution;
  const { document } = plan;
  return { schema, document, operationName, variableValues, contextValue: asking, plan, member, ...checked };
}
