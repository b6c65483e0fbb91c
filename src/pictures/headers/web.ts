import { type Picture, shown } from './picture';
import { exifOrientation } from './tiff';

/** Start-of-frame markers; C4, C8 and CC in the same range mean something else. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers without a length: TEM, RST0–7, SOI. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const END = 0xd9;
const SCAN = 0xda;
const APP1 = 0xe1;

/** Skips from segment to segment, so that a thumbnail inside one is never taken for the picture. */
export function jpegPicture(bytes: Buffer): Picture | undefined {
  let size: { readonly width: number; readonly height: number } | undefined;
  let orientation: number | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1]!;
    if (marker === END || marker === SCAN) break;
    if (marker === 0xff) at += 1;
    else if (isBare(marker)) at += 2;
    else {
      const length = bytes.readUInt16BE(at + 2);
      const data = bytes.subarray(at + 4, at + 2 + length);
      if (marker === APP1 && data.toString('latin1', 0, 6) === 'Exif\0\0') orientation ??= exifOrientation(data);
      if (isFrame(marker) && size === undefined) size = { height: data.readUInt16BE(1), width: data.readUInt16BE(3) };
      at += 2 + length;
    }
  }
  return size === undefined ? undefined : shown(size.width, size.height, orientation);
}

/** Apple's optimised files begin with a chunk of their own. */
const HEADS = new Set(['IHDR', 'CgBI']);

export function pngPicture(bytes: Buffer): Picture | undefined {
  let size: { readonly width: number; readonly height: number } | undefined;
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (size === undefined && !HEADS.has(type)) return undefined;
    if (type === 'IHDR') size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (type === 'eXIf' && size !== undefined && at + 8 + length <= bytes.length) {
      return shown(size.width, size.height, exifOrientation(bytes.subarray(at + 8, at + 8 + length)));
    }
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return size === undefined ? undefined : shown(size.width, size.height);
}

const GIF_HEADER = 13;

/**
 * The canvas. Browsers, unlike other viewers, use the first frame's size instead if it exceeds the canvas, and always
 * for GIF87a: undefined in these cases.
 */
export function gifPicture(bytes: Buffer): Picture | undefined {
  const canvas = shown(bytes.readUInt16LE(6), bytes.readUInt16LE(8));
  const frame = firstFrame(bytes);
  if (frame === undefined) return canvas;
  if (canvas === undefined) return shown(frame.width, frame.height);
  if (frame.width <= canvas.width && frame.height <= canvas.height) {
    const same = frame.width === canvas.width && frame.height === canvas.height;
    return same || bytes.toString('latin1', 3, 6) === '89a' ? canvas : undefined;
  }
  return frame.width >= canvas.width && frame.height >= canvas.height ? shown(frame.width, frame.height) : undefined;
}

function firstFrame(bytes: Buffer): { readonly width: number; readonly height: number } | undefined {
  const flags = bytes[10] ?? 0;
  let at = GIF_HEADER + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while (bytes[at] === 0x21) {
    at += 2;
    for (let block = bytes[at]; block !== undefined && block !== 0; block = bytes[at]) at += 1 + block;
    at += 1;
  }
  if (bytes[at] !== 0x2c || at + 9 > bytes.length) return undefined;
  return { width: bytes.readUInt16LE(at + 5), height: bytes.readUInt16LE(at + 7) };
}

/** The canvas of an extended file, otherwise the size in the bitstream. */
export function webpPicture(bytes: Buffer): Picture | undefined {
  const first = bytes.toString('latin1', 12, 16);
  const at = 20;
  if (first === 'VP8X') return extendedWebp(bytes, at);
  if (first === 'VP8L') {
    if (bytes[at] !== 0x2f) return undefined;
    const bits = bytes.readUInt32LE(at + 1);
    return shown((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (first !== 'VP8 ' || bytes.readUIntBE(at + 3, 3) !== 0x9d012a) return undefined;
  return shown(bytes.readUInt16LE(at + 6) & 0x3fff, bytes.readUInt16LE(at + 8) & 0x3fff);
}

const WEBP_EXIF = 0x08;

function extendedWebp(bytes: Buffer, at: number): Picture | undefined {
  const [width, height] = [bytes.readUIntLE(at + 4, 3) + 1, bytes.readUIntLE(at + 7, 3) + 1];
  if (((bytes[at] ?? 0) & WEBP_EXIF) === 0) return shown(width, height);
  for (let chunk = 12; chunk + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(chunk + 4);
    if (bytes.toString('latin1', chunk, chunk + 4) === 'EXIF' && chunk + 8 + length <= bytes.length) {
      return shown(width, height, exifOrientation(bytes.subarray(chunk + 8, chunk + 8 + length)));
    }
    chunk += 8 + length + (length % 2);
  }
  // The file declares EXIF data, which lies beyond the bytes that were read.
  return undefined;
}
