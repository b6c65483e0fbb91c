/** What an asset can be. */
export const ASSET_KINDS = [
  'image',
  'video',
  'audio',
  'document',
  'copy',
  'template',
  'font',
  'design',
  'model3d',
  'other',
] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];
