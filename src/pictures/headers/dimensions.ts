import { heifPicture, isHeif } from './heif';
import { icnsPicture, icoPicture, J2K, JP2, PNG } from './icons';
import { jpeg2000Codestream, jpeg2000Picture, jxlCodestream, jxlPicture } from './jpegs';
import { isBeyondEnd, type Picture, type PictureReader } from './picture';
import {
  bmpPicture,
  ddsPicture,
  exrPicture,
  ktxPicture,
  pnmPicture,
  psdPicture,
  tgaPicture,
  xcfPicture,
  xpmPicture,
} from './plain';
import { svgPicture } from './svg';
import { tiffPicture } from './tiff';
import { gifPicture, jpegPicture, pngPicture, webpPicture } from './web';
import { gzippedRootElement, rootElement } from './xml';

export type { Picture as Dimensions } from './picture';

const text = (mark: string) => Buffer.from(mark, 'latin1');

/** The signature of each format. File names are ignored, as viewers ignore them. */
const FORMATS: readonly (readonly [mark: Buffer, read: PictureReader])[] = [
  [PNG, pngPicture],
  [Buffer.from('ffd8ff', 'hex'), jpegPicture],
  [text('GIF87a'), gifPicture],
  [text('GIF89a'), gifPicture],
  [text('BM'), bmpPicture],
  [Buffer.from('00000100', 'hex'), icoPicture],
  [Buffer.from('00000200', 'hex'), icoPicture],
  [text('II*\0'), tiffPicture],
  [text('MM\0*'), tiffPicture],
  [text('II+\0'), tiffPicture],
  [text('MM\0+'), tiffPicture],
  [text('8BPS'), psdPicture],
  [text('gimp xcf '), xcfPicture],
  [text('icns'), icnsPicture],
  [text('DDS '), ddsPicture],
  [Buffer.from('ab4b5458203131bb0d0a1a0a', 'hex'), ktxPicture],
  [Buffer.from('762f3101', 'hex'), exrPicture],
  [text('/* XPM */'), xpmPicture],
  [JP2, jpeg2000Picture],
  [J2K, jpeg2000Codestream],
  [Buffer.from('0000000c4a584c200d0a870a', 'hex'), jxlPicture],
  [Buffer.from('ff0a', 'hex'), jxlCodestream],
  [Buffer.from('1f8b', 'hex'), (bytes) => drawing(gzippedRootElement(bytes))],
];

/**
 * The dimensions of the picture in a file as a viewer shows it; undefined if it is no picture, is damaged, or viewers
 * would disagree. `bytes` are the first bytes of the file, `size` is its whole length.
 *
 * Only headers are read and no pixel is decoded, so no file takes long or much memory.
 */
export function dimensionsOf(bytes: Buffer, size: number = bytes.length): Picture | undefined {
  try {
    return readerOf(bytes)?.(bytes) ?? tgaPicture(bytes, size);
  } catch (error) {
    // The file ends before its header says: it is still a version, only without dimensions.
    if (isBeyondEnd(error)) return undefined;
    throw error;
  }
}

function readerOf(bytes: Buffer): PictureReader | undefined {
  const known = FORMATS.find(([mark]) => bytes.length >= mark.length && mark.equals(bytes.subarray(0, mark.length)));
  if (known !== undefined) return known[1];
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return webpPicture;
  if (/^P[1-7Ff]\s/.test(bytes.toString('latin1', 0, 3))) return pnmPicture;
  if (bytes.length >= 12 && isHeif(bytes)) return heifPicture;
  return isText(bytes) ? (all) => drawing(rootElement(all)) : undefined;
}

/** The first bytes of an XML document: white space, a byte order mark, or `<`, in 8 or 16 bits. */
function isText(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 3);
  return /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff|<|\0<|\s)/.test(start);
}

function drawing(root: ReturnType<typeof rootElement>): Picture | undefined {
  return root === undefined ? undefined : svgPicture(root);
}
