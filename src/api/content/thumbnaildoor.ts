import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { versionsByNumber } from '../../../projections/library/queries';
import { LIBRARY } from '../../pictures/library';
import { isPassing } from '../../pictures/task';
import { THUMBNAIL_WIDTHS, thumbnailOf } from '../../reactions/pictures/thumbnails';
import type { ApiDependencies } from '../dependencies';
import { fault } from '../errors';
import { parseGlobalId } from '../ids';
import { type Links, linksOf } from './links';
import { placeholder } from './placeholder';

export interface ThumbnailDoorOptions {
  readonly dependencies: Pick<ApiDependencies, 'config' | 'picturing' | 'runtime'>;
  /** Throws or rejects if the request carries no accepted token. */
  readonly authenticate: (request: IncomingMessage) => unknown;
  /** Answers a request that is refused. */
  readonly refuse: (response: ServerResponse, error: unknown) => void;
}

const DIGEST = /^[0-9a-f]{64}$/;
/** A picture can only be displayed, whatever is in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const MOST_WIDTH = THUMBNAIL_WIDTHS.at(-1)!;
const USUAL_WIDTH = 400;

export const thumbnailPath = (digest: string): string => `/content/${digest}/thumbnail`;

/**
 * `GET /content/<digest>/thumbnail?version=…&width=…`: a picture of one version, with a token or by a signed link.
 * Knowing a digest is not enough: the request names a version with this content, which the caller must be allowed to
 * read.
 */
export class ThumbnailDoor {
  private readonly links: Links;

  constructor(private readonly options: ThumbnailDoorOptions) {
    this.links = linksOf(options.dependencies.config);
  }

  serve(fastify: FastifyInstance): void {
    fastify.get<{ Params: { readonly digest: string } }>('/content/:digest/thumbnail', (request, reply) => {
      reply.hijack();
      this.answer(request.params.digest, request.raw, reply.raw).catch((error: unknown) =>
        this.options.refuse(reply.raw, error),
      );
    });
  }

  private async answer(digest: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!DIGEST.test(digest)) throw fault('NOT_FOUND');
    const parameters = new URLSearchParams(request.url!.split('?').slice(1).join('?'));
    await this.admit(digest, parameters, request);
    const look = thumbnailOf(widthOf(parameters));
    const etag = `"${digest.slice(0, 32)}-${look.name}.${LIBRARY}"`;
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('content-security-policy', POLICY);
    // The bytes of a digest never change, but a shared cache must not hold what others may not see.
    const forever = 'private, max-age=31536000, immutable';
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag, 'cache-control': forever }).end();
      return;
    }
    const picture = await this.options.dependencies.picturing.picture(digest, look);
    if (!('fault' in picture)) {
      const headers = {
        etag,
        'content-type': 'image/webp',
        'content-length': picture.length,
        'cache-control': forever,
      };
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : picture);
      return;
    }
    const passing = isPassing(picture.fault);
    const headers = {
      'content-type': 'image/svg+xml; charset=utf-8',
      'cache-control': passing ? 'no-store' : 'private, max-age=3600',
      'x-palimpsest-placeholder': picture.fault,
    };
    const busy = picture.fault === 'BUSY' || picture.fault === 'UNAVAILABLE';
    response.writeHead(busy ? 503 : 200, { ...headers, ...(busy ? { 'retry-after': '2' } : {}) });
    response.end(request.method === 'HEAD' ? undefined : placeholder(picture.fault));
  }

  /** Throws unless the request has either a valid link, or a token and a version with this digest. */
  private async admit(digest: string, parameters: URLSearchParams, request: IncomingMessage): Promise<void> {
    const { dependencies, authenticate } = this.options;
    if (parameters.has('signature')) {
      const wrong = this.links.faultOf(thumbnailPath(digest), parameters);
      if (wrong !== undefined) throw fault(wrong === 'expired' ? 'LINK_EXPIRED' : 'LINK_INVALID');
      return;
    }
    await authenticate(request);
    const named = parseGlobalId(parameters.get('version') ?? '');
    if (named?.type !== 'version') throw fault('BAD_USER_INPUT', 'version: must be the id of a version', ['version']);
    const key = { asset: named.uuid, version: named.number };
    const [row] = await versionsByNumber(dependencies.runtime.reader('library'), [key]);
    if (row?.digest !== digest) throw fault('NOT_FOUND', 'The version does not exist, or has other content.');
  }
}

function widthOf(parameters: URLSearchParams): number {
  const text = parameters.get('width') ?? String(USUAL_WIDTH);
  if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > MOST_WIDTH) {
    throw fault('BAD_USER_INPUT', `width: must be a whole number from 1 to ${MOST_WIDTH}`, ['width']);
  }
  return Number(text);
}
