import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { liveApprovals } from '../../../projections/approvals/queries';
import { assetById } from '../../../projections/library/queries';
import { renditionsOf } from '../../../projections/pictures/queries';
import { namedLook, type Profile } from '../../reactions/renditions/profiles';
import type { ApiDependencies } from '../dependencies';
import { fault } from '../errors';
import { parseGlobalId } from '../ids';
import { type Links, linksOf } from './links';
import { readinessOf, renditionPath } from './readiness';

export interface RenditionDoorOptions {
  readonly dependencies: Pick<ApiDependencies, 'config' | 'picturing' | 'profiles' | 'runtime'>;
  /** Throws or rejects if the request carries no accepted token. */
  readonly authenticate: (request: IncomingMessage) => unknown;
  /** Answers a request that is refused. */
  readonly refuse: (response: ServerResponse, error: unknown) => void;
}

interface Params {
  readonly digest: string;
  readonly profile: string;
}

/**
 * `GET /content/<digest>/rendition/<profile>?asset=…`: what may be used in a channel, with a token or by a signed link. It
 * is handed out only while an approval of these very bytes holds, whenever the link was made.
 */
export class RenditionDoor {
  private readonly links: Links;

  constructor(private readonly options: RenditionDoorOptions) {
    this.links = linksOf(options.dependencies.config);
  }

  serve(fastify: FastifyInstance): void {
    fastify.get<{ Params: Params }>('/content/:digest/rendition/:profile', (request, reply) => {
      reply.hijack();
      this.answer(request.params, request.raw, reply.raw).catch((error: unknown) =>
        this.options.refuse(reply.raw, error),
      );
    });
  }

  private async answer({ digest, profile: name }: Params, request: IncomingMessage, response: ServerResponse) {
    const { dependencies, authenticate } = this.options;
    const profile = dependencies.profiles.find((each) => each.name === name);
    if (!/^[0-9a-f]{64}$/.test(digest) || profile === undefined) throw fault('NOT_FOUND');
    const parameters = new URLSearchParams(request.url!.split('?').slice(1).join('?'));
    if (parameters.has('signature')) {
      const wrong = this.links.faultOf(renditionPath(digest, name), parameters);
      if (wrong !== undefined) throw fault(wrong === 'expired' ? 'LINK_EXPIRED' : 'LINK_INVALID');
    } else await authenticate(request);
    const named = parseGlobalId(parameters.get('asset') ?? '');
    if (named?.type !== 'asset') throw fault('BAD_USER_INPUT', 'asset: must be the id of an asset', ['asset']);
    const bytes = await this.usable(named.uuid, digest, profile);
    const title = (await assetById(dependencies.runtime.reader('library'), named.uuid))?.title ?? '';
    response.writeHead(200, {
      'content-type': `image/${profile.look.format}`,
      'content-length': bytes.length,
      // The approval may end at any moment, so nobody may answer from what was kept.
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName(profile, title, digest))}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  private async usable(asset: string, digest: string, profile: Profile): Promise<Buffer> {
    const { picturing, runtime } = this.options.dependencies;
    const [approval] = await liveApprovals(runtime.reader('approvals'), [asset]);
    if (approval?.digest !== digest) throw fault('NOT_APPROVED');
    const [row] = await renditionsOf(runtime.reader('pictures'), digest, [profile.name]);
    const { state, reason } = readinessOf(profile, digest, row);
    if (state !== 'ready') throw fault('NOT_FOUND', reason ?? undefined);
    // Kept ones may vanish; the same library draws the same bytes again.
    const picture = await picturing.picture(digest, namedLook(profile));
    if ('fault' in picture) throw fault('NOT_FOUND', picture.message);
    if (hash('sha256', picture, 'hex') !== row!.rendition) {
      throw fault('NOT_FOUND', 'The rendition is not the one that was reported; raise the version of its profile.');
    }
    return picture;
  }
}

function fileName({ naming, name, version, look }: Profile, title: string, digest: string): string {
  const words: Readonly<Record<string, string>> = { title, profile: name, version: String(version), digest };
  const text = naming.replace(/\{(\w+)\}/g, (_all, word: string) => words[word] ?? '');
  const plain = text
    .replace(/[\p{Cc}/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
  return `${plain}.${look.format === 'jpeg' ? 'jpg' : look.format}`;
}
