import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Asking } from './asking';
import type { Variables } from './cost';
import { retryAfter } from './errors';
import type { Execution } from './execution';
import { BODY_LIMIT } from './limits';
import { LONGEST } from './operations';
import { Outbox } from './outbox';
import { isUtf8Type, notUtf8 } from './utf8';

interface Question {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Variables | null;
}

export interface KnownOptions {
  readonly path: string;
  readonly execution: () => Execution;
  /** Throws or rejects if the request carries no accepted token. */
  readonly asking: (request: IncomingMessage) => Asking | Promise<Asking>;
  /** Answers a request whose token is not accepted. */
  readonly refused: (error: unknown, response: ServerResponse) => void;
  /** Answers a request that failed with an unexpected error. */
  readonly failed: (error: unknown, response: ServerResponse) => void;
}

/**
 * Answers an operation that was parsed and validated before, bypassing the web framework, which with the GraphQL server
 * costs more than most answers. The same checks apply: the token is verified before the body is read, and a request
 * that is refused goes through the framework with its body, so that every refusal is written in one place.
 */
export function answerKnown(fastify: FastifyInstance, options: KnownOptions): void {
  const { server } = fastify;
  const known = new KnownDoor(fastify, options);
  const [framework] = server.listeners('request').slice(-1) as [RequestListener];
  server.off('request', framework);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isPlain(request, options.path)) framework(request, response);
    else known.take(request, response, framework);
  });
}

/** A request in the form that nearly all clients use; any other is left to the framework. */
export function isPlain({ method, url, headers }: IncomingMessage, path: string): boolean {
  if (method !== 'POST' || url !== path) return false;
  const { accept, 'content-type': type = '', 'content-length': length } = headers;
  // A charset other than UTF-8 is left to the framework to refuse.
  if (type !== 'application/json' && !(type.startsWith('application/json;') && isUtf8Type(type))) return false;
  if (accept !== undefined && accept !== '*/*' && accept !== 'application/json') return false;
  return length !== undefined && Number(length) <= BODY_LIMIT;
}

class KnownDoor {
  readonly #outbox = new Outbox();
  /** Bodies of requests that go through the framework after all. */
  readonly #bodies = new WeakMap<IncomingMessage, Buffer>();
  readonly #parse: ReturnType<FastifyInstance['getDefaultJsonParser']>;

  constructor(
    fastify: FastifyInstance,
    readonly options: KnownOptions,
  ) {
    this.#parse = fastify.getDefaultJsonParser('error', 'error');
    fastify.addHook('preParsing', (request, _reply, payload, done) => {
      const body = this.#bodies.get(request.raw);
      done(null, body === undefined ? payload : Readable.from([body]));
    });
  }

  /** Reads the whole request, then answers it or passes it on to the framework. */
  take(request: IncomingMessage, response: ServerResponse, framework: RequestListener): void {
    const { asking, refused } = this.options;
    const read = (by: Asking): void => this.#read(request, response, framework, by);
    try {
      const by = asking(request);
      if (by instanceof Promise) by.then(read, (error) => refused(error, response));
      else read(by);
    } catch (error) {
      refused(error, response);
    }
  }

  #read(request: IncomingMessage, response: ServerResponse, framework: RequestListener, by: Asking): void {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      if (!isUtf8(body)) {
        this.options.failed(notUtf8(), response);
        return;
      }
      this.#answer(request, response, body, by).then(
        (answered) => {
          if (answered) return;
          this.#bodies.set(request, body);
          framework(request, response);
        },
        (error) => this.options.failed(error, response),
      );
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse, body: Buffer, by: Asking): Promise<boolean> {
    const question = this.#questionOf(request, body.toString('utf8'));
    if (question === undefined) return false;
    const execution = this.options.execution();
    const plan = execution.known(question.query, question.operationName ?? undefined);
    if (plan === undefined || plan.operation.operation === 'subscription') return false;
    const given = question.variables ?? {};
    const admitted = execution.admit(plan, by, given);
    // Refused: the GraphQL server repeats the check and reports the reason.
    if ('errors' in admitted) return false;
    const { data, errors, extensions } = await execution.run(plan, by, { given, ...admitted });
    const text = `${JSON.stringify({ errors, data, extensions })}\n`;
    this.#outbox.put({ response, text, again: retryAfter(errors) });
    return true;
  }

  /** The operation in a body, parsed as the framework parses it; undefined if there is none. */
  #questionOf(request: IncomingMessage, text: string): Question | undefined {
    let body: unknown;
    this.#parse(request as unknown as FastifyRequest, text, (_error, parsed) => {
      body = parsed;
    });
    if (typeof body !== 'object' || body === null || 'extensions' in body) return undefined;
    const { query, operationName, variables } = body as Record<keyof Question, unknown>;
    if (typeof query !== 'string' || query.length > LONGEST) return undefined;
    if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return undefined;
    if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) return undefined;
    return body as Question;
  }
}
