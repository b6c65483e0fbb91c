import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap } from '@apollo/server';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { urlHost } from '../config/config';
import { UsageError } from '../config/exit';
import { isLoopback } from '../config/hosts';
import { note } from '../telemetry/out';
import { Addresses } from './addresses';
import { Asking } from './asking';
import { serveAssetsPage } from './assetspage';
import { createAuthenticator } from './auth';
import { ContentDoor } from './content/contentdoor';
import { RenditionDoor } from './content/renditiondoor';
import { ThumbnailDoor } from './content/thumbnaildoor';
import { readContract } from './contractfile';
import type { ApiDependencies } from './dependencies';
import { Drain } from './drain';
import { ERRORS, type ErrorCode, formatError } from './errors';
import { Execution, executionPlugin } from './execution';
import { ExportDoor } from './exports/route';
import { answerBroken, Gate } from './gate';
import { readiness, readinessForReads, STOPPING } from './health';
import { answerKnown, isPlain } from './known';
import { BODY_LIMIT } from './limits';
import { apiModule } from './module';
import { PAGE_POLICY, queryPage } from './page';
import { QUOTAS, type Quotas } from './quotas';
import { serveSockets } from './socket';
import { UploadDoor } from './uploads/uploaddoor';
import { refuseOtherThanUtf8 } from './utf8';

const PATH = '/graphql';

export interface Address {
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
}

export interface Served {
  /** The URL of GraphQL. */
  readonly url: string;
  close(): Promise<void>;
}

/** Replaces Nest's own error format: failures before GraphQL is reached are answered in GraphQL's form. */
class Adapter extends FastifyAdapter {
  override setErrorHandler(): FastifyInstance {
    return this.getInstance().setErrorHandler((error: FastifyError, _request, reply) => answerFault(error, reply));
  }

  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance().setNotFoundHandler((_request, reply) => answerFault(notFound(), reply));
  }
}

/** Starts the server; resolves when it answers. Throws UsageError, or the system's error for the address. */
export async function startServer(
  dependencies: ApiDependencies,
  { host, port }: Address,
  quotas: Quotas = QUOTAS,
): Promise<Served> {
  if (dependencies.config.auth.mode === 'development' && !isLoopback(host)) {
    throw new UsageError(`development tokens protect nothing, so ${host} is not listened on: use 127.0.0.1`);
  }
  const report = dependencies.report ?? noteFault;
  const authenticator = await createAuthenticator(dependencies.config, { report });
  const format = formatError(report);
  let execution: Execution | undefined;
  const asking = ({ headers }: { readonly headers: { readonly authorization?: string } }) => {
    const session = authenticator.session(headers.authorization);
    if (session instanceof Promise) return session.then((verified) => new Asking(dependencies, verified));
    return new Asking(dependencies, session);
  };
  const module = apiModule({
    dependencies,
    contract: readContract(),
    path: PATH,
    context: async (request) => asking(request),
    formatError: format,
    plugins: [
      executionPlugin(
        () => execution as Execution,
        () => new HeaderMap(),
      ),
    ],
    onSchema: (schema) => {
      execution = new Execution(schema, format);
    },
  });
  const adapter = adapterWith(quotas);
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.server.maxConnections = quotas.connections;
  const drain = new Drain(fastify.server);
  addRoutes(fastify, dependencies, drain);
  refuseOtherThanUtf8(adapter);
  const authenticate = ({ headers }: IncomingMessage) => authenticator.session(headers.authorization);
  const refuse = (response: ServerResponse, error: unknown) => gate.refuse(response, error);
  const uploads = new UploadDoor({ uploads: dependencies.uploads, authenticate, refuse, report });
  const gate = new Gate({
    bodyTimeout: quotas.requestTimeout,
    path: PATH,
    addresses: new Addresses(dependencies.config, host),
    execution: () => execution as Execution,
    authenticate,
    ownToken: (request) => isPlain(request, PATH),
    elsewhere: (path) => uploads.at(path),
  });
  const exports = new ExportDoor({
    dependencies,
    quotas,
    authenticate,
    schema: () => (execution as Execution).schema,
    refuse,
    errorsOf: (error) => (execution as Execution).refused([error as GraphQLError]).errors,
  });
  exports.serve(fastify);
  for (const Door of [ThumbnailDoor, RenditionDoor, ContentDoor]) {
    new Door({ dependencies, authenticate, refuse }).serve(fastify);
  }
  answerKnown(fastify, {
    path: PATH,
    execution: () => execution as Execution,
    asking,
    refused: (error, response) => refuse(response, error),
    failed: answerFailed,
  });
  gate.guard(fastify);
  const application = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: true,
  });
  await application.init();
  const sockets = serveSockets(fastify.server, {
    dependencies,
    authenticator,
    execution: execution as unknown as Execution,
    quotas,
    report,
    refusal: (request) => gate.refusal(request),
    refuse: (socket, code) => gate.refuseSocket(socket, code),
  });
  const actual = await listening(application, { host, port });
  return {
    url: `http://${urlHost(host)}:${actual}${PATH}`,
    async close() {
      exports.close();
      uploads.close();
      await Promise.all([sockets.close(), drain.close()]);
      await application.close();
    },
  };
}

/** The port that is listened on. */
async function listening(application: NestFastifyApplication, { host, port }: Address): Promise<number> {
  try {
    await application.listen(port, host);
  } catch (error) {
    await application.close();
    throw error;
  }
  const bound = application.getHttpServer().address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

function noteFault(error: unknown): void {
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function adapterWith(quotas: Quotas): Adapter {
  return new Adapter({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    requestTimeout: 0,
    connectionTimeout: quotas.answerTimeout,
    clientErrorHandler: answerBroken,
    http: { headersTimeout: quotas.headersTimeout, connectionsCheckingInterval: quotas.checkInterval },
  });
}

function addRoutes(fastify: FastifyInstance, dependencies: ApiDependencies, drain: Drain): void {
  const { metrics } = dependencies;
  fastify.get('/health/live', async () => ({ live: true, version: dependencies.version }));
  fastify.get<{ Querystring: { readonly for?: string } }>('/health/ready', async ({ query }, reply) => {
    const asked = query.for === 'reads' ? readinessForReads : readiness;
    const state = drain.stopping ? STOPPING : await asked(dependencies);
    if (!state.ready) reply.header('retry-after', '2');
    return reply.code(state.ready ? 200 : 503).send(state);
  });
  if (metrics !== undefined) {
    fastify.get('/metrics', (request, reply) => {
      reply.hijack();
      metrics(request.raw, reply.raw);
    });
  }
  if (dependencies.config.development) {
    fastify.get('/', (_request, reply) => reply.redirect('/assets'));
    serveAssetsPage(fastify, dependencies);
    fastify.addHook('onRequest', async (request, reply) => {
      if (!wantsPage(request)) return;
      reply.header('content-security-policy', PAGE_POLICY).header('x-content-type-options', 'nosniff');
      // The page contains tokens.
      reply.header('cache-control', 'no-store').header('cross-origin-resource-policy', 'same-origin');
      await reply.type('text/html; charset=utf-8').send(await queryPage(PATH, dependencies.config));
    });
  }
}

function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' || (url !== PATH && !url.startsWith(`${PATH}?`))) return false;
  // The page keeps its operation in its own address, so an address with `?query=` is a reload of the page.
  return (headers.accept ?? '').includes('text/html');
}

function answerFault(error: FastifyError, reply: FastifyReply): FastifyReply {
  const { status, text } = faultAnswer(error);
  return reply.code(status).type('application/json; charset=utf-8').send(text);
}

function faultAnswer(error: FastifyError): { readonly status: number; readonly text: string } {
  const code = codeOf(error);
  const [status, meaning] = ERRORS[code];
  const message = code === 'INTERNAL_SERVER_ERROR' || error.message === '' ? meaning : error.message;
  return { status, text: JSON.stringify({ errors: [{ message, extensions: { code } }] }) };
}

function answerFailed(error: unknown, response: ServerResponse): void {
  const { status, text } = faultAnswer(error as FastifyError);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(text);
}

function notFound(): FastifyError {
  return Object.assign(new Error(''), { name: 'FastifyError', code: 'NOT_FOUND', statusCode: 404 });
}

function codeOf(error: FastifyError): ErrorCode {
  if (error.statusCode === 404) return 'NOT_FOUND';
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'BODY_TOO_LARGE';
  return (error.statusCode ?? 500) < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
}
