import type { AssetRecord, ImportState } from './importstate';

type Known = Pick<ImportState, 'assets' | 'live' | 'past'>;

/**
 * The asset that was at a path at a place of the line, or had been there last and was retired. Undefined where none was
 * there yet, or the last one had moved elsewhere.
 */
export function assetAt({ assets, live, past }: Known, path: string, place: number): AssetRecord | undefined {
  const present = assets.get(live.get(path) ?? '');
  if (present !== undefined && present.since <= place) return present;
  const stay = past.get(path)?.findLast(([from]) => from <= place);
  if (stay === undefined) return undefined;
  const [, until, asset, retired] = stay;
  return place < until || retired ? assets.get(asset) : undefined;
}

/** The version an asset stood in at a place of the line; 0 where it was not in production. */
export function versionAt(asset: AssetRecord, place: number): number {
  return asset.marks.findLast(([from]) => from <= place)?.[1] ?? 0;
}
