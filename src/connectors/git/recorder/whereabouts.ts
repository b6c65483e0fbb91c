import type { AssetRecord, ImportState } from './importstate';

type Known = Pick<ImportState, 'assets' | 'live' | 'past'>;

/**
 * The asset at a path as of a commit index, or the last one there if it was retired. Undefined if there was none yet,
 * or if the last one had moved elsewhere.
 */
export function assetAt({ assets, live, past }: Known, path: string, place: number): AssetRecord | undefined {
  const present = assets.get(live.get(path) ?? '');
  if (present !== undefined && present.since <= place) return present;
  const stay = past.get(path)?.findLast(([from]) => from <= place);
  if (stay === undefined) return undefined;
  const [, until, asset, retired] = stay;
  return place < until || retired ? assets.get(asset) : undefined;
}

/** The version of an asset as of a commit index; 0 if it was not in production. */
export function versionAt(asset: AssetRecord, place: number): number {
  return asset.marks.findLast(([from]) => from <= place)?.[1] ?? 0;
}
