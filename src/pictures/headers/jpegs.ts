import { boxesIn, boxIn } from './boxes';
import { type Picture, shown } from './picture';

const SIZ = 0xff51;

/** JPEG 2000: the reference grid minus the offset of the picture. */
export function jpeg2000Codestream(bytes: Buffer): Picture | undefined {
  if (bytes.readUInt16BE(2) !== SIZ) return undefined;
  const [x, y, left, top] = [8, 12, 16, 20].map((at) => bytes.readUInt32BE(at)) as [number, number, number, number];
  return shown(x - left, y - top);
}

export function jpeg2000Picture(bytes: Buffer): Picture | undefined {
  const codestream = boxIn(bytes, 'jp2c');
  if (codestream !== undefined && codestream.length >= 24) return jpeg2000Codestream(codestream);
  const header = boxIn(bytes, 'jp2h');
  const size = header === undefined ? undefined : boxIn(header, 'ihdr');
  return size === undefined ? undefined : shown(size.readUInt32BE(4), size.readUInt32BE(0));
}

/** JPEG XL in its container: the whole codestream, or its first part. */
export function jxlPicture(bytes: Buffer): Picture | undefined {
  for (const { type, data } of boxesIn(bytes)) {
    if (type === 'jxlc') return jxlCodestream(data);
    if (type === 'jxlp') return jxlCodestream(data.subarray(4));
  }
  return undefined;
}

/** Aspect ratios that a JPEG XL header can state instead of a width. */
const RATIOS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
];

export function jxlCodestream(bytes: Buffer): Picture | undefined {
  if (bytes.readUInt16BE(0) !== 0xff0a) return undefined;
  const bits = new Bits(bytes.subarray(2));
  const small = bits.take(1) === 1;
  const length = () => (small ? (bits.take(5) + 1) * 8 : bits.take([9, 13, 18, 30][bits.take(2)]!) + 1);
  const height = length();
  const ratio = RATIOS[bits.take(3) - 1];
  const width = ratio === undefined ? length() : Math.floor((height * ratio[0]) / ratio[1]);
  const plain = bits.take(1) === 1;
  const extra = !plain && bits.take(1) === 1;
  return shown(width, height, extra ? bits.take(3) + 1 : undefined);
}

/** A bit reader for JPEG XL headers, least significant bit first. */
class Bits {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  take(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1, this.at += 1) {
      value += ((this.bytes.readUInt8(this.at >> 3) >> (this.at & 7)) & 1) * 2 ** index;
    }
    return value;
  }
}
