import sharp from 'sharp';

/**
 * Only these loaders read untrusted bytes: no PDF by ImageMagick, no matrix, no text, no raw pixels, no file that a
 * drawing refers to.
 */
const ALLOWED = [
  'VipsForeignLoadJpegFile',
  'VipsForeignLoadPngFile',
  'VipsForeignLoadWebpFile',
  'VipsForeignLoadNsgifFile',
  'VipsForeignLoadTiffFile',
  'VipsForeignLoadHeifFile',
  'VipsForeignLoadPdfFile',
  // A drawing is passed as bytes: read from a file, it could load pictures beside that file.
  'VipsForeignLoadSvgBuffer',
];

let isGuarded = false;

/** The library with everything disabled that is not needed. */
export function guardedSharp(): typeof sharp {
  if (isGuarded) return sharp;
  isGuarded = true;
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ALLOWED });
  sharp.cache(false);
  // Several pictures are made at once, each by one thread.
  sharp.concurrency(1);
  return sharp;
}
