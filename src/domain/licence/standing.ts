import type { Terms } from '../rights/terms';

/** What decisions about other streams may know of a licence. */
export interface LicenceStanding {
  readonly terms: Terms;
  /** The instant at which it was ended early. */
  readonly endedAt: string | undefined;
  /** Placements that were counted so far over all content of the licence. */
  readonly uses: number;
}
