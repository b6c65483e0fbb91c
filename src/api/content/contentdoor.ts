import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';
import { custodiesOf } from '../../../projections/custody/queries';
import { assetById, versionOfDigest, versionsByNumber } from '../../../projections/library/queries';
import type { VersionRow } from '../../../projections/library/tables';
import { ContentMissing } from '../../store/content/contentfaults';
import { isDigest } from '../../store/content/contentstore';
import type { Session } from '../claims';
import type { ApiDependencies } from '../dependencies';
import { fault } from '../errors';
import { parseGlobalId } from '../ids';
import { allows } from '../roles';
import { type Links, linksOf } from './links';
import { contentDisposition, DISPOSITIONS, type Disposition, dispositionOf, fileNameOf, stretchOf } from './serving';

export interface ContentDoorOptions {
  readonly dependencies: Pick<ApiDependencies, 'config' | 'content' | 'runtime'>;
  /** Throws or rejects if the request carries no accepted token. */
  readonly authenticate: (request: IncomingMessage) => Session | Promise<Session>;
  /** Answers a request that is refused. */
  readonly refuse: (response: ServerResponse, error: unknown) => void;
}

/** Whatever is in the bytes, a browser runs nothing of it. */
const POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'";
/** The bytes of a digest never change; whoever shares a cache is not the one who may see them. */
const FOREVER = 'private, max-age=31536000, immutable';

export const contentPath = (digest: string): string => `/content/${digest}`;

/** The parameters of a link to a version's bytes. */
export function linkParameters(version: string, how: Disposition): Readonly<Record<string, string>> {
  return { version, disposition: how };
}

/**
 * `GET /content/<digest>`: the bytes of a version, with a token or by a signed link. To know a digest is not enough: there
 * must be a version that consists of it and that whoever asks, or whoever was given the link, may see.
 */
export class ContentDoor {
  private readonly links: Links;

  constructor(private readonly options: ContentDoorOptions) {
    this.links = linksOf(options.dependencies.config);
  }

  serve(fastify: FastifyInstance): void {
    fastify.get<{ Params: { readonly digest: string } }>('/content/:digest', (request, reply) => {
      reply.hijack();
      this.answer(request.params.digest, request.raw, reply.raw).catch((error: unknown) => {
        if (reply.raw.headersSent) reply.raw.destroy();
        else this.options.refuse(reply.raw, error);
      });
    });
  }

  private async answer(digest: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isDigest(digest)) throw fault('NOT_FOUND');
    const parameters = new URLSearchParams(request.url!.split('?').slice(1).join('?'));
    const version = await this.admit(digest, parameters, request);
    await this.refuseInfected(digest);
    const bytes = await this.options.dependencies.content.size(digest);
    if (bytes !== version.bytes) throw fault('CONTENT_NOT_HERE');
    const etag = `"${digest}"`;
    await this.describe(response, version, dispositionIn(parameters));
    response.setHeader('etag', etag);
    if (isNamed(request.headers['if-none-match'], etag)) {
      response.writeHead(304).end();
      return;
    }
    const ranged = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const stretch = stretchOf(ranged ? request.headers.range : undefined, bytes);
    if (stretch === null) {
      response.writeHead(416, { 'content-range': `bytes */${bytes}` }).end();
      return;
    }
    const { start, end } = stretch ?? { start: 0, end: bytes - 1 };
    const head = { 'content-length': end - start + 1 };
    const part = stretch && { 'content-range': `bytes ${start}-${end}/${bytes}` };
    if (request.method === 'HEAD') {
      response.writeHead(stretch ? 206 : 200, { ...head, ...part }).end();
      return;
    }
    const stream = await this.options.dependencies.content.open(digest, stretch).catch((error: unknown) => {
      throw error instanceof ContentMissing ? fault('CONTENT_NOT_HERE') : error;
    });
    response.writeHead(stretch ? 206 : 200, { ...head, ...part });
    // A reader who leaves, and a store that breaks off, end the connection: half an answer passes for no whole one.
    await pipeline(stream, response).catch(() => response.destroy());
  }

  private async describe(response: ServerResponse, version: VersionRow, asked: Disposition): Promise<void> {
    const asset = await assetById(this.options.dependencies.runtime.reader('library'), version.asset);
    const how = dispositionOf(version.mediaType, asked);
    response.setHeader('content-type', version.mediaType);
    response.setHeader(
      'content-disposition',
      contentDisposition(how, fileNameOf(asset?.title ?? '', version.version, version.mediaType)),
    );
    response.setHeader('cache-control', FOREVER);
    response.setHeader('accept-ranges', 'bytes');
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.setHeader('referrer-policy', 'no-referrer');
  }

  /** The version by whose right the bytes are given. Throws where there is none. */
  private async admit(digest: string, parameters: URLSearchParams, request: IncomingMessage): Promise<VersionRow> {
    const named = parameters.get('version');
    if (parameters.has('signature')) {
      const wrong = this.links.faultOf(contentPath(digest), parameters);
      if (wrong !== undefined) throw fault(wrong === 'expired' ? 'LINK_EXPIRED' : 'LINK_INVALID');
    } else {
      const { roles } = await this.options.authenticate(request);
      if (!allows('Query.asset', roles)) throw fault('FORBIDDEN');
    }
    const reader = this.options.dependencies.runtime.reader('library');
    if (named === null) {
      const found = await versionOfDigest(reader, digest);
      if (found === undefined) throw fault('NOT_FOUND', 'No version consists of these bytes.');
      return found;
    }
    const id = parseGlobalId(named);
    if (id?.type !== 'version') throw fault('BAD_USER_INPUT', 'version: must be the id of a version', ['version']);
    const [row] = await versionsByNumber(reader, [{ asset: id.uuid, version: id.number }]);
    if (row?.digest !== digest) throw fault('NOT_FOUND', 'The version does not exist, or has other content.');
    return row;
  }

  private async refuseInfected(digest: string): Promise<void> {
    const [custody] = await custodiesOf(this.options.dependencies.runtime.reader('custody'), [digest]);
    if (custody?.verdict === 'infected') throw fault('CONTENT_WITHHELD');
  }
}

function dispositionIn(parameters: URLSearchParams): Disposition {
  const asked = parameters.get('disposition') ?? 'inline';
  const known = DISPOSITIONS.find((each) => each === asked);
  if (known === undefined) {
    throw fault('BAD_USER_INPUT', `disposition: must be ${DISPOSITIONS.join(' or ')}`, ['disposition']);
  }
  return known;
}

function isNamed(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',') ?? [];
  return tags.some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()));
}
