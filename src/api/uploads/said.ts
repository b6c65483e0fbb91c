import { REFUSALS, type RefusalCode } from '../../domain/refusal';
import { type ContentStore, isDigest } from '../../store/content/contentstore';
import type { Uploads } from '../../store/uploads/uploads';
import type { Session } from '../claims';
import type { Input } from '../commands';
import { Refused } from '../payload';
import { allows } from '../roles';

interface Said {
  readonly uploadId?: string | null;
  readonly digest?: string | null;
  readonly bytes?: string | number | null;
  readonly mediaType?: string | null;
}

interface Places {
  readonly uploads: Uploads;
  readonly content: Pick<ContentStore, 'size'>;
  /** The media type by which content is known, if any version consists of it. */
  readonly knownType: (digest: string) => Promise<string | undefined>;
}

/**
 * The input of a mutation with what its `content` leaves to the server: of an upload the digest, size and media type; of a
 * digest whose bytes are here the size and media type. What is refused names the field.
 */
export async function contentSaid(input: Input, session: Session, places: Places): Promise<Input | Refused> {
  const content = input.content as Said | null | undefined;
  if (content === null || content === undefined) return input;
  const { uploadId, ...rest } = content;
  if (uploadId != null && !allows('Mutation.uploadBegin', session.roles))
    return refused('UPLOAD_NOT_FOUND', 'uploadId');
  const owner = session.actor.id;
  const found = uploadId == null ? await ofDigest(rest, places) : await ofUpload(uploadId, rest, owner, places);
  return found instanceof Refused ? found : { ...input, content: { ...rest, ...found } };
}

async function ofUpload(id: string, rest: Said, owner: string, { uploads }: Places): Promise<object | Refused> {
  const twice = (['digest', 'bytes', 'mediaType'] as const).find((name) => rest[name] != null);
  if (twice !== undefined) return refused('INVALID_INPUT', twice, 'follows from the upload; leave it out');
  const session = await uploads.find(id, owner);
  if (session === undefined) return refused('UPLOAD_NOT_FOUND', 'uploadId');
  if (session.state === 'open' && (await uploads.offset(session)) < session.bytes) {
    return refused('UPLOAD_UNFINISHED', 'uploadId');
  }
  const { state, arrived, aside } = await uploads.finish(session);
  if (state === 'quarantined') return refused('UPLOAD_QUARANTINED', 'uploadId', aside?.message);
  const { digest, bytes, mediaType } = arrived!;
  return { digest, bytes, mediaType };
}

async function ofDigest({ digest, bytes, mediaType }: Said, { content, knownType }: Places): Promise<object | Refused> {
  if (digest == null) return refused('INVALID_INPUT', 'digest', 'is needed, or uploadId');
  if ((bytes != null && mediaType != null) || !isDigest(digest)) return {};
  const kept = await content.size(digest);
  const lacking = 'is needed, because the bytes of this digest are not kept here';
  if (bytes == null && kept === undefined) return refused('INVALID_INPUT', 'bytes', lacking);
  const type = mediaType ?? (await knownType(digest));
  if (type === undefined)
    return refused('INVALID_INPUT', 'mediaType', 'is needed: no version consists of these bytes yet');
  return { bytes: bytes ?? kept, mediaType: type };
}

function refused(code: RefusalCode, field: string, why?: string): Refused {
  const message =
    code === 'INVALID_INPUT'
      ? `content.${field}: ${why}`
      : why === undefined
        ? REFUSALS[code]
        : `${REFUSALS[code]} ${why}.`;
  return new Refused([{ code, message, path: ['input', 'content', field] }]);
}
