import { crc32, deflateSync } from 'node:zlib';
import { be32 } from './drawn';

/** Adam7: the start and the step of each pass. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([be32(data.length), named, be32(crc32(named))]);
};

/** A black PNG of few bytes and many pixels; an interlaced one can only be decoded as a whole. */
export function blackPng(width: number, height: number, { interlaced = false, bits = 1 } = {}): Buffer {
  const colour = bits === 1 ? 0 : 2;
  const perPixel = bits === 1 ? 1 : 24;
  const row = (pixels: number) => 1 + Math.ceil((pixels * perPixel) / 8);
  const size = interlaced
    ? PASSES.reduce((sum, [x, y, across, down]) => {
        const [columns, rows] = [Math.ceil((width - x) / across), Math.ceil((height - y) / down)];
        return sum + rows * row(columns);
      }, 0)
    : height * row(width);
  const header = Buffer.concat([be32(width, height), Buffer.from([bits, colour, 0, 0, interlaced ? 1 : 0])]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(size), { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
