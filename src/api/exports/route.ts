import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Session } from '../claims';
import type { ApiDependencies } from '../dependencies';
import { fault } from '../errors';
import type { Quotas } from '../quotas';
import { beginExport, type Export } from './exports';
import { FORMATS, type Format, type FormatName } from './formats';

export interface ExportRoutes {
  readonly dependencies: ApiDependencies;
  readonly quotas: Pick<Quotas, 'exports' | 'exportsPerActor' | 'answerTimeout'>;
  readonly schema: () => GraphQLSchema;
  /** Throws or rejects if the request carries no accepted token. */
  readonly authenticate: (request: IncomingMessage) => Session | Promise<Session>;
  /** Answers a request that is not executed. */
  readonly refuse: (response: ServerResponse, error: unknown) => void;
  /** An error in the form of an answer. */
  readonly errorsOf: (error: unknown) => unknown;
}

/** Number of characters passed to the connection at once: what a client must read within the timeout. */
const CHUNK = 65_536;
const POSITION = 'X-Palimpsest-Position';
const TRAILERS = `${POSITION}, X-Palimpsest-Rows, X-Palimpsest-Cursor`;

/** `GET /export/<list>.<ndjson|csv>`: any list, or the events, as one stream. */
export class ExportDoor {
  private readonly running = new Map<AbortController, string>();

  constructor(private readonly routes: ExportRoutes) {}

  serve(fastify: FastifyInstance): void {
    // GET only: an answer to HEAD without rows would be meaningless.
    fastify.get<{ Params: { readonly file: string } }>(
      '/export/:file',
      { exposeHeadRoute: false },
      (request, reply) => {
        reply.hijack();
        void this.answer(request.params.file, request.raw, reply.raw);
      },
    );
  }

  /** Ends every export, each with an error line. */
  close(): void {
    for (const controller of this.running.keys()) controller.abort(fault('GOING_AWAY'));
  }

  private async answer(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ending = new AbortController();
    let format: Format | undefined;
    try {
      const session = await this.routes.authenticate(request);
      const [list, name] = parted(file);
      format = FORMATS[name];
      const parameters = new URLSearchParams(request.url!.split('?').slice(1).join('?'));
      const { schema, dependencies } = this.routes;
      const begun = beginExport(schema(), dependencies, { list, parameters, session });
      this.admit(session.actor.id, ending);
      response.once('close', () => ending.abort());
      await this.stream(begun, format, response, file, ending.signal);
    } catch (error) {
      this.fail(response, ending.signal.aborted ? ending.signal.reason : error, format);
    } finally {
      this.running.delete(ending);
    }
  }

  private admit(actor: string, ending: AbortController): void {
    const { exports, exportsPerActor } = this.routes.quotas;
    const own = [...this.running.values()].filter((other) => other === actor).length;
    if (this.running.size >= exports) throw fault('TOO_MANY_EXPORTS');
    if (own >= exportsPerActor) {
      throw fault('TOO_MANY_EXPORTS', `You have ${own} exports running, which is the maximum; wait until one ends.`);
    }
    this.running.set(ending, actor);
  }

  private async stream(
    begun: Export,
    format: Format,
    response: ServerResponse,
    file: string,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const page of begun.pages()) {
      signal.throwIfAborted();
      const texts = format.rows(begun.columns, page, true);
      begun.wrote(texts.reduce((sum, text) => sum + text.length, 0));
      if (!response.headersSent) {
        // An invalid request fails on its first page, before the headers are sent.
        writeHead(response, begun, format, file);
        await this.write(response, [format.head(begun.columns)], signal);
      }
      await this.write(response, texts, signal);
    }
    const { position, rows, cursor } = begun.ending;
    await this.write(response, [format.end(begun.ending)], signal);
    response.addTrailers({
      [POSITION]: position,
      'X-Palimpsest-Rows': String(rows),
      ...(cursor === null ? {} : { 'X-Palimpsest-Cursor': cursor }),
    });
    response.end();
  }

  /** Writes whole rows, no faster than the client reads; a client that stops reading for too long is disconnected. */
  private async write(response: ServerResponse, texts: readonly string[], signal: AbortSignal): Promise<void> {
    let some = '';
    for (const [index, text] of texts.entries()) {
      some += text;
      if (some.length < CHUNK && index < texts.length - 1) continue;
      const isTaken = response.write(some);
      some = '';
      if (isTaken) continue;
      const late = setTimeout(() => response.destroy(), this.routes.quotas.answerTimeout);
      try {
        await once(response, 'drain', { signal });
      } finally {
        clearTimeout(late);
      }
    }
  }

  /**
   * Reports an error, in the last line if rows were sent already. An export without its last line counts as incomplete.
   */
  private fail(response: ServerResponse, error: unknown, format?: Format): void {
    if (response.destroyed) return;
    if (!response.headersSent) this.routes.refuse(response, error);
    else response.write(format?.failed(this.routes.errorsOf(error)) || '\n', () => response.destroy());
  }
}

/** `assets.csv` → the list and the format. Throws NOT_FOUND for an unknown format. */
function parted(file: string): readonly [list: string, format: FormatName] {
  const dot = file.lastIndexOf('.');
  const format = file.slice(dot + 1);
  if (dot > 0 && Object.hasOwn(FORMATS, format)) return [file.slice(0, dot), format as FormatName];
  const names = Object.keys(FORMATS).map((name) => `/export/<list>.${name}`);
  throw fault('NOT_FOUND', `There is no format of "${file}"; there are ${names.join(' and ')}.`);
}

function writeHead(response: ServerResponse, { ending }: Export, { mediaType }: Format, file: string): void {
  response.writeHead(200, {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${file}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    [POSITION]: ending.position,
    trailer: TRAILERS,
  });
}
