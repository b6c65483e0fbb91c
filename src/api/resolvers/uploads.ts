import { Inject } from '@nestjs/common';
import { Mutation, Query, Resolver } from '@nestjs/graphql';
import { custodiesOf } from '../../../projections/custody/queries';
import { digest as digestLimit, integer, matching, text } from '../../domain/fields';
import { faultsOf, optional } from '../../domain/input';
import type { RefusalCode } from '../../domain/refusal';
import type { Session } from '../../store/uploads/session';
import { UploadRefused } from '../../store/uploads/uploads';
import type { Asking } from '../asking';
import { faultErrors } from '../commands';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { present } from '../inputobject';
import { UPLOADS } from '../uploads/uploaddoor';

class UploadFields {
  @integer(0, Number.MAX_SAFE_INTEGER) readonly bytes!: number;
  @optional(
    matching(
      /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}(;[\x20-\x7e]{1,200})?$/i,
      'a media type such as image/png',
    ),
  )
  readonly mediaType?: string;
  @optional(text(255)) readonly fileName?: string;
  @optional(digestLimit) readonly digest?: string;
}

interface Begin {
  readonly input: { readonly bytes: string | number } & Readonly<Record<string, unknown>>;
}

const CODES: Readonly<Record<UploadRefused['why'], readonly [RefusalCode, field: string]>> = {
  tooLarge: ['UPLOAD_TOO_LARGE', 'bytes'],
  dayUsedUp: ['UPLOAD_DAY_USED_UP', 'bytes'],
  kind: ['UPLOAD_KIND_REFUSED', 'mediaType'],
};

/** An upload under the names of the schema. */
class UploadView {
  constructor(
    private readonly session: Session,
    readonly offset: number,
    private readonly until: number,
  ) {}

  get id(): string {
    return this.session.id;
  }
  get url(): string {
    return `${UPLOADS}/${this.session.id}`;
  }
  get state(): string {
    return this.session.state === 'whole' ? 'open' : this.session.state;
  }
  get bytes(): number {
    return this.session.bytes;
  }
  get expiresAt(): string {
    return new Date(this.until).toISOString();
  }
  get digest(): string | null {
    return this.session.arrived?.digest ?? null;
  }
  get mediaType(): string | null {
    return this.session.arrived?.mediaType ?? null;
  }
  get reason(): string | null {
    return this.session.aside?.message ?? null;
  }
}

/** Uploads, as far as GraphQL is concerned with them: their bytes come in by another door. */
@Resolver()
export class UploadResolver {
  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {}

  @Mutation('uploadBegin')
  async begin(_root: unknown, { input }: Begin, { session }: Asking) {
    const { uploads } = this.door;
    const wanted = { ...present(input), bytes: Number(input.bytes) } as UploadFields;
    const { bytes, bytesPerDay, kinds } = uploads.limits;
    const limits = { bytes, bytesPerDay, kinds };
    const answer = (more: object) => ({ upload: null, stored: false, limits, userErrors: [], ...more });
    const faults = faultsOf(UploadFields, wanted);
    if (faults.length > 0) return answer({ userErrors: faultErrors(faults) });
    if (wanted.digest !== undefined && (await this.keeps(wanted.digest, wanted.bytes))) return answer({ stored: true });
    try {
      const begun = await uploads.begin({ ...wanted, owner: session.actor.id });
      return answer({ upload: await this.viewOf(begun) });
    } catch (error) {
      if (!(error instanceof UploadRefused)) throw error;
      const [code, field] = CODES[error.why];
      return answer({ userErrors: [{ code, message: error.message, path: ['input', field] }] });
    }
  }

  @Query('upload')
  async upload(_root: unknown, { id }: { readonly id: string }, { session }: Asking) {
    const found = await this.door.uploads.find(id, session.actor.id);
    return found === undefined ? null : this.viewOf(found);
  }

  private async viewOf(session: Session): Promise<UploadView> {
    const { uploads } = this.door;
    return new UploadView(session, await uploads.offset(session), uploads.expiresAt(session));
  }

  /** Bytes that a check found missing or damaged count as not here, so that sending them again makes them whole. */
  private async keeps(digest: string, bytes: number): Promise<boolean> {
    if ((await this.door.content.size(digest)) !== bytes) return false;
    const [custody] = await custodiesOf(this.door.runtime.reader('custody'), [digest]);
    return custody?.fixity !== 'missing' && custody?.fixity !== 'damaged';
  }
}
