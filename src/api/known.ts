import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Asking } from './asking';
import type { Variables } from './cost';
import { retryAfter } from './errors';
import type { Execution } from './execution';
import { LONGEST } from './operations';
import type { Plan } from './plan';

interface Question {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Variables | null;
}

/** A plain question as nearly every client puts it; whatever else stands in a request is for the GraphQL server to judge. */
function questionOf({ method, headers, body }: FastifyRequest): Question | undefined {
  const type = headers['content-type'] ?? '';
  if (method !== 'POST' || (type !== 'application/json' && !type.startsWith('application/json;'))) return undefined;
  const { accept } = headers;
  if (accept !== undefined && accept !== '*/*' && accept !== 'application/json') return undefined;
  if (typeof body !== 'object' || body === null || 'extensions' in body) return undefined;
  const { query, operationName, variables } = body as Record<keyof Question, unknown>;
  if (typeof query !== 'string' || query.length > LONGEST) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) return undefined;
  return body as Question;
}

export interface KnownOptions {
  readonly path: string;
  readonly execution: () => Execution;
  /** Rejects where the request carries no token that is accepted. */
  readonly asking: (request: FastifyRequest) => Asking | Promise<Asking>;
}

/**
 * Answers an operation that was parsed and validated before, since the way through the GraphQL server costs more than
 * most answers. The same gates stand before it, and what they refuse goes the long way, so that every refusal is
 * written in one place.
 */
export function answerKnown(fastify: FastifyInstance, { path, execution, asking }: KnownOptions): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const question = questionOf(request);
    if (question === undefined) return undefined;
    const known = execution().known.get(question.query, question.operationName ?? undefined);
    if (known === undefined) return undefined;
    const admitted = await admit(known.plan, question, request);
    if (admitted === undefined) return undefined;
    const { data, errors, extensions } = await execution().run(known.plan, known.document, admitted.by, admitted);
    reply.header('content-type', 'application/json; charset=utf-8');
    const again = retryAfter(errors);
    if (again !== undefined) reply.header('retry-after', again);
    return reply.send(`${JSON.stringify({ errors, data, extensions })}\n`);
  };

  const admit = async (plan: Plan, { variables }: Question, request: FastifyRequest) => {
    try {
      const by = await asking(request);
      const given = variables ?? {};
      const admitted = execution().admit(plan, by, given);
      return 'errors' in admitted ? undefined : { by, given, coerced: admitted.coerced };
    } catch {
      // Refused: the GraphQL server asks once more and says why.
      return undefined;
    }
  };

  fastify.addHook('preHandler', async (request, reply) => {
    return request.routeOptions.url === path ? answer(request, reply) : undefined;
  });
}
