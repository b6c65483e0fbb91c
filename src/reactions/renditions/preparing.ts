import { hash } from 'node:crypto';
import type { RenditionFailure } from '../../domain/content/events';
import type { RecordedEvent } from '../../domain/event';
import { contentOf } from '../../domain/stream';
import { dimensionsOf } from '../../pictures/headers/dimensions';
import { LIBRARY } from '../../pictures/library';
import { isPassing, type PictureFault } from '../../pictures/task';
import type { Store } from '../../store/store';
import type { Reacted, Reaction } from '../follower';
import type { Picturing } from '../pictures/picturing';
import type { Reporting } from '../reporting';
import { namedLook, type Profile } from './profiles';

interface Approved {
  readonly approval: string;
  readonly digest: string;
}

/**
 * Prepares the renditions of every version that is approved, one for each profile, and reports them. They belong to the
 * bytes: an approval of bytes that were prepared before finds them there. Killed at any moment, it goes on: a picture that
 * was kept is not drawn again, and one that was reported is not reported again.
 */
export class Preparing implements Reaction {
  readonly types = ['ApprovalGranted'];

  constructor(
    private readonly store: Pick<Store, 'readStream'>,
    private readonly picturing: Pick<Picturing, 'picture'>,
    private readonly reporting: Reporting,
    private readonly profiles: readonly Profile[],
  ) {}

  async react(event: RecordedEvent): Promise<Reacted> {
    const { approval, digest } = event.data as unknown as Approved;
    const missing: Profile[] = [];
    for (const profile of this.profiles) {
      if (!(await this.reporting.told(digest, (told) => isOf(told, profile)))) missing.push(profile);
    }
    if (missing.length === 0 || (await this.hasLapsed(event, approval))) return 'done';
    let reacted: Reacted = 'done';
    for (const profile of missing) {
      if ((await this.prepare(event, digest, profile)) === 'later') reacted = 'later';
    }
    return reacted;
  }

  /** Nobody needs what may not be used any more. */
  private async hasLapsed({ stream, revision }: RecordedEvent, approval: string): Promise<boolean> {
    for await (const page of this.store.readStream(stream, { after: revision })) {
      const isItsEnd = ({ type, data }: RecordedEvent) =>
        type === 'ApprovalLapsed' && (data as unknown as Approved).approval === approval;
      if (page.some(isItsEnd)) return true;
    }
    return false;
  }

  private async prepare(event: RecordedEvent, digest: string, profile: Profile): Promise<Reacted> {
    const named = namedLook(profile);
    const picture = await this.picturing.picture(digest, named);
    if ('fault' in picture && isPassing(picture.fault)) return 'later';
    const about = {
      content: contentOf(digest),
      digest,
      profile: profile.name,
      profileVersion: profile.version,
      library: LIBRARY,
    };
    const name = `rendition ${digest} ${named.name} ${LIBRARY}`;
    if ('fault' in picture) {
      const failure = failureOf(picture.fault);
      await this.reporting.tell(name, { type: 'ReportRenditionFailure', ...about, failure }, event);
      return 'done';
    }
    const { width = 1, height = 1 } = dimensionsOf(picture) ?? {};
    const made = {
      rendition: hash('sha256', picture, 'hex'),
      renditionBytes: picture.length,
      renditionType: `image/${profile.look.format}`,
      renditionWidth: width,
      renditionHeight: height,
    };
    await this.reporting.tell(name, { type: 'ReportRendition', ...about, ...made }, event);
    return 'done';
  }
}

function isOf({ type, data }: RecordedEvent, { name, version }: Profile): boolean {
  if (type !== 'RenditionPrepared' && type !== 'RenditionFailed') return false;
  const told = data as { readonly profile?: string; readonly profileVersion?: number; readonly library?: string };
  return told.profile === name && told.profileVersion === version && told.library === LIBRARY;
}

/** `TOO_LARGE` → `tooLarge`. */
function failureOf(fault: PictureFault): RenditionFailure {
  return fault.toLowerCase().replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase()) as RenditionFailure;
}
