import { jpeg2000Codestream, jpeg2000Picture } from './jpegs';
import { largest, type Picture, shown } from './picture';
import { pngPicture } from './web';

export const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
export const JP2 = Buffer.from('0000000c6a5020200d0a870a', 'hex');
export const J2K = Buffer.from('ff4fff51', 'hex');
const MOST = 1000;

/** An icon or cursor file holds one picture in several sizes; a viewer opens the largest. */
export function icoPicture(bytes: Buffer): Picture | undefined {
  const count = Math.min(bytes.readUInt16LE(4), MOST);
  const pictures = Array.from({ length: count }, (_, index) => {
    const at = 6 + 16 * index;
    const image = bytes.subarray(bytes.readUInt32LE(at + 12));
    if (image.subarray(0, 8).equals(PNG)) return pngPicture(image);
    return shown(bytes.readUInt8(at) || 256, bytes.readUInt8(at + 1) || 256);
  });
  return largest(pictures);
}

/** The side length of the square in each entry type of an Apple icon file. */
const SIDES: Readonly<Record<string, number>> = {
  ...{ ICON: 32, 'ICN#': 32, 'ics#': 16, ics4: 16, ics8: 16, is32: 16, icl4: 32, icl8: 32, il32: 32 },
  ...{ 'ich#': 48, ich4: 48, ich8: 48, ih32: 48, it32: 128, ic04: 16, ic05: 32, icsb: 18, icsB: 36 },
  ...{ icp4: 16, icp5: 32, icp6: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024 },
  ...{ ic11: 32, ic12: 64, ic13: 256, ic14: 512 },
};

export function icnsPicture(bytes: Buffer): Picture | undefined {
  const pictures: (Picture | undefined)[] = [];
  for (let at = 8; at + 8 <= bytes.length && pictures.length < MOST; ) {
    const size = bytes.readUInt32BE(at + 4);
    if (size < 8) break;
    const image = bytes.subarray(at + 8, at + size);
    const side = SIDES[bytes.toString('latin1', at, at + 4)];
    if (side !== undefined) pictures.push(embedded(image) ?? shown(side, side));
    at += size;
  }
  return largest(pictures);
}

function embedded(image: Buffer): Picture | undefined {
  if (image.subarray(0, 8).equals(PNG)) return pngPicture(image);
  if (image.subarray(0, 12).equals(JP2)) return jpeg2000Picture(image);
  return image.subarray(0, 4).equals(J2K) ? jpeg2000Codestream(image) : undefined;
}
