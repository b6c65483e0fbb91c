import type { RenditionRow } from '../../../projections/pictures/tables';
import type { Profile } from '../../reactions/renditions/profiles';

export const renditionPath = (digest: string, profile: string): string => `/content/${digest}/rendition/${profile}`;

export interface Readiness {
  readonly state: 'ready' | 'preparing' | 'failed' | 'stale' | 'notApproved';
  /** Why it is not ready, in a sentence. */
  readonly reason: string | null;
  readonly mediaType?: string | null;
  readonly bytes?: number | null;
  readonly width?: number | null;
  readonly height?: number | null;
}

/** Whether what is approved can be used in a channel, by what was reported of its rendition. */
export function readinessOf(profile: Profile, approved: string | undefined, row: RenditionRow | undefined): Readiness {
  const { version } = profile;
  if (approved === undefined) return { state: 'notApproved', reason: 'No version of the asset is approved.' };
  if (row === undefined)
    return { state: 'preparing', reason: 'The rendition is being prepared, or the bytes are not stored here.' };
  if (row.profileVersion !== version) {
    const reason = `The rendition is of version ${row.profileVersion} of the profile; that of version ${version} is being prepared.`;
    return { state: 'stale', reason };
  }
  if (row.failure !== null) return { state: 'failed', reason: FAILED[row.failure] ?? row.failure };
  const { mediaType, bytes, width, height } = row;
  return { state: 'ready', reason: null, mediaType, bytes, width, height };
}

const FAILED: Readonly<Record<string, string>> = {
  unsupported: 'No library here reads this kind of file.',
  damaged: 'The file is damaged or ends too early.',
  tooLarge: 'The content has more pixels or bytes than are decoded here.',
  tooSlow: 'The rendition takes too long to draw.',
  tooMuchMemory: 'The rendition takes too much memory to draw.',
  tooManyBytes: 'The rendition does not fit into the bytes that the profile allows.',
};
