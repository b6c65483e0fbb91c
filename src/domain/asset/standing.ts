import type { VersionRef } from './parts';

/** A placement that runs, as others know it. */
interface RunningHere {
  readonly placement: string;
  readonly campaign: string;
  readonly version: number | undefined;
  readonly channel: string;
  readonly market?: string | undefined;
}

/** What decisions about other streams may know of an asset. */
export interface AssetStanding {
  readonly status: 'draft' | 'inReview' | 'approved' | 'retired';
  /** How many versions it has. */
  readonly versions: number;
  /** The live approval, and the version that it is of. */
  readonly approval: { readonly approval: string; readonly version: number; readonly digest: string } | undefined;
  /** Versions that it was made from: its parents and its template. */
  readonly parents: readonly VersionRef[];
  /** Versions of other assets that it holds. */
  readonly components: readonly VersionRef[];
  /** Licences that cover it. */
  readonly licences: readonly string[];
  /** It had a licence once, so that nothing is permitted which no licence permits. */
  readonly governed: boolean;
  /** Numbers of the versions that AI took part in. */
  readonly aiMade: readonly number[];
  /** What runs of it. */
  readonly running: readonly RunningHere[];
}
