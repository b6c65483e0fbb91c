import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from '@tus/server';
import { ContentUnavailable } from '../../store/content/contentfaults';
import { ScannerUnavailable } from '../../store/uploads/scanners';
import { UploadRefused, type Uploads } from '../../store/uploads/uploads';
import type { Session } from '../claims';
import { ERRORS, fault } from '../errors';
import { allows } from '../roles';
import { giveDirectly, readDirectly } from './directly';
import { tusLocker, tusStore } from './tusstore';

export const UPLOADS = '/uploads';

/** How often abandoned uploads are looked for. Milliseconds. */
const SWEEP = 3_600_000;

export interface UploadRoutes {
  readonly uploads: Uploads;
  /** Throws or rejects where the request carries no token that is accepted. */
  readonly authenticate: (request: IncomingMessage) => Session | Promise<Session>;
  readonly refuse: (response: ServerResponse, error: unknown) => void;
  readonly report: (error: unknown) => void;
}

/** What the protocol's library answers with, as it is thrown. */
interface TusError {
  readonly status_code: number;
  readonly body: string;
}

/** `/uploads`: the tus protocol, for bytes that may break off and go on. Whose upload it is, every request is asked. */
export class UploadDoor {
  private readonly sessions = new WeakMap<IncomingMessage, Session>();
  private server: Promise<Server> | undefined;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(private readonly routes: UploadRoutes) {}

  /** What answers at a path, where it is one of this door's. */
  at(path: string): ((request: IncomingMessage, response: ServerResponse) => void) | undefined {
    if (path !== UPLOADS && !path.startsWith(`${UPLOADS}/`)) return undefined;
    return (request, response) => void this.take(request, response);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const session = await this.routes.authenticate(request);
      if (!allows('Mutation.uploadBegin', session.roles)) throw fault('FORBIDDEN');
      if (request.method === 'GET') throw fault('NOT_FOUND');
      this.sessions.set(request, session);
      this.server ??= this.open();
      await (await this.server).handle(request, response);
    } catch (error) {
      if (!response.headersSent) this.routes.refuse(response, error);
      else response.destroy();
    }
  }

  close(): void {
    clearInterval(this.sweeping);
  }

  /** The library is loaded by the first upload: a server that gets none pays nothing for it. */
  private async open(): Promise<Server> {
    const tus = await import('@tus/server');
    const { uploads, report } = this.routes;
    this.sweeping = setInterval(() => uploads.sweep().catch(report), SWEEP);
    this.sweeping.unref();
    uploads.sweep().catch(report);
    const ownerOf = (request: object): string => this.sessionOf(request).actor.id;
    const server = new tus.Server({
      path: UPLOADS,
      datastore: tusStore(tus, uploads),
      locker: tusLocker(tus, uploads),
      maxSize: uploads.limits.bytes,
      relativeLocation: true,
      disableTerminationForFinishedUploads: true,
      // Which pages may ask is said before, for every path of this server.
      allowedOrigins: () => false,
      namingFunction: async (request, metadata) => {
        const bytes = Number(request.headers.get('upload-length'));
        const begun = await uploads.begin({
          owner: ownerOf(request),
          bytes,
          mediaType: typeIn(metadata?.filetype ?? metadata?.type),
          fileName: metadata?.filename?.slice(0, 255) ?? undefined,
        });
        return begun.id;
      },
      onIncomingRequest: async (request, id) => {
        const session = await uploads.find(id, ownerOf(request));
        if (session === undefined) throw tus.ERRORS.FILE_NOT_FOUND;
        giveDirectly(request, nodeRequestOf(request));
      },
      onUploadFinish: async (_request, { id }) => {
        const session = await uploads.find(id);
        if (session === undefined) throw tus.ERRORS.FILE_NOT_FOUND;
        const { state, aside, arrived } = await uploads.finish(session);
        if (state === 'quarantined')
          throw { status_code: 422, body: `put aside: ${aside?.message}\n` } satisfies TusError;
        return { headers: { 'x-palimpsest-digest': arrived!.digest } };
      },
      onResponseError: (_request, error) => this.answerTo(error),
    });
    readDirectly(tus, [server.handlers.PATCH, server.handlers.POST]);
    return server;
  }

  private sessionOf(request: object): Session {
    const session = this.sessions.get(nodeRequestOf(request));
    if (session === undefined) throw fault('UNAUTHENTICATED');
    return session;
  }

  private answerTo(error: Error | TusError): TusError {
    if (error instanceof UploadRefused) {
      const status = { tooLarge: 413, dayUsedUp: 429, kind: 415 }[error.why];
      return { status_code: status, body: `${error.message}\n` };
    }
    if (error instanceof ContentUnavailable || error instanceof ScannerUnavailable) {
      this.routes.report(error);
      const isFull = error instanceof ContentUnavailable && error.trouble === 'full';
      return isFull
        ? { status_code: 507, body: `${ERRORS.CONTENT_STORE_FULL[1]}\n` }
        : { status_code: 503, body: `${ERRORS.CONTENT_UNAVAILABLE[1]}\n` };
    }
    if (!(error instanceof Error) || 'status_code' in error) return error as TusError;
    this.routes.report(error);
    return { status_code: 500, body: `${ERRORS.INTERNAL_SERVER_ERROR[1]}\n` };
  }
}

/** The request as Node has it. */
function nodeRequestOf(request: object): IncomingMessage {
  const { runtime } = request as { readonly runtime: { readonly node: { readonly req: IncomingMessage } } };
  return runtime.node.req;
}

/** What does not look like a media type says nothing. */
function typeIn(text: string | null | undefined): string | undefined {
  return text != null && /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i.test(text) ? text : undefined;
}
