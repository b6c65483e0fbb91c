/** What decisions about other streams may know of an asset. */
export interface AssetStanding {
  readonly status: 'draft' | 'inReview' | 'approved' | 'retired';
  /** How many versions it has. */
  readonly versions: number;
  /** The live approval, and the version that it is of. */
  readonly approval: { readonly approval: string; readonly version: number; readonly digest: string } | undefined;
  /** Assets that it was made from: its parents and its template. */
  readonly parents: readonly string[];
}
