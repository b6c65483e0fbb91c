import sharp from 'sharp';

/** Only these read foreign bytes: no PDF by ImageMagick, no matrix, no text, no raw pixels, no file that a drawing names. */
const ALLOWED = [
  'VipsForeignLoadJpegFile',
  'VipsForeignLoadPngFile',
  'VipsForeignLoadWebpFile',
  'VipsForeignLoadNsgifFile',
  'VipsForeignLoadTiffFile',
  'VipsForeignLoadHeifFile',
  'VipsForeignLoadPdfFile',
  // A drawing comes as bytes: read from a file, it may load pictures that lie beside that file.
  'VipsForeignLoadSvgBuffer',
];

let isGuarded = false;

/** The library with everything shut that is not needed. */
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
