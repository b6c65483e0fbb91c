/** Small files of picture formats, made byte by byte: headers only, if they suffice to state the size. */

export const svg = (attributes: string, before = ''): Buffer =>
  Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><path d="M0 0h1v1z"/></svg>\n`);

const u8 = (...values: number[]) => Buffer.from(values);
const be16 = (...values: number[]) => Buffer.concat(values.map((value) => u8((value >> 8) & 255, value & 255)));
const le16 = (...values: number[]) => Buffer.concat(values.map((value) => u8(value & 255, (value >> 8) & 255)));
export const be32 = (...values: number[]): Buffer => Buffer.concat(values.map((value) => be16(value >>> 16, value)));
const le32 = (...values: number[]) => Buffer.concat(values.map((value) => le16(value, value >>> 16)));
export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** TIFF: pages of tags with their values. */
export function tiff(...pages: Readonly<Record<number, number>>[]): Buffer {
  const parts = [ascii('II*\0'), le32(8)];
  let at = 8;
  for (const [index, page] of pages.entries()) {
    const tags = Object.entries(page);
    at += 6 + 12 * tags.length;
    const entries = tags.map(([tag, value]) => Buffer.concat([le16(Number(tag), 4), le32(1, value)]));
    parts.push(le16(tags.length), ...entries, le32(index === pages.length - 1 ? 0 : at));
  }
  return Buffer.concat(parts);
}

export const exif = (orientation: number): Buffer => tiff({ 274: orientation });

function segment(marker: number, data: Buffer): Buffer {
  return Buffer.concat([u8(0xff, marker), be16(data.length + 2), data]);
}

export const frame = (width: number, height: number, marker = 0xc0): Buffer =>
  segment(marker, Buffer.concat([u8(8), be16(height, width), u8(1, 1, 0x11, 0)]));

export const app1 = (data: Buffer): Buffer => segment(0xe1, data);
export const jpeg = (...segments: Buffer[]): Buffer => Buffer.concat([u8(0xff, 0xd8), ...segments, u8(0xff, 0xd9)]);

export function png(width: number, height: number, ...chunks: [type: string, data: Buffer][]): Buffer {
  const chunk = (type: string, data: Buffer) => Buffer.concat([be32(data.length), ascii(type), data, be32(0)]);
  const header = chunk('IHDR', Buffer.concat([be32(width, height), u8(8, 6, 0, 0, 0)]));
  const rest = chunks.map(([type, data]) => chunk(type, data));
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), header, ...rest, chunk('IEND', Buffer.alloc(0))]);
}

export function gif(version: '87a' | '89a', canvas: [number, number], first: [number, number]): Buffer {
  const screen = Buffer.concat([le16(...canvas), u8(0, 0, 0)]);
  return Buffer.concat([ascii(`GIF${version}`), screen, u8(0x2c), le16(0, 0, ...first), u8(0, 2, 0, 0x3b)]);
}

export function webp(width: number, height: number, orientation?: number): Buffer {
  const chunk = (type: string, data: Buffer) => Buffer.concat([ascii(type), le32(data.length), data]);
  const side = (length: number) => le32(length - 1).subarray(0, 3);
  const header = Buffer.concat([u8(orientation === undefined ? 0 : 8, 0, 0, 0), side(width), side(height)]);
  const data = [chunk('VP8X', header), ...(orientation === undefined ? [] : [chunk('EXIF', exif(orientation))])];
  return Buffer.concat([ascii('RIFF'), le32(4 + Buffer.concat(data).length), ascii('WEBP'), ...data]);
}

/** An icon file: side lengths, 0 for 256, each with the bytes of its picture. */
export function ico(...entries: [width: number, height: number, picture?: Buffer][]): Buffer {
  let at = 6 + 16 * entries.length;
  const heads: Buffer[] = [];
  for (const [width, height, picture = Buffer.alloc(40)] of entries) {
    heads.push(Buffer.concat([u8(width, height, 0, 0), le16(1, 32), le32(picture.length, at)]));
    at += picture.length;
  }
  const pictures = entries.map(([, , picture = Buffer.alloc(40)]) => picture);
  return Buffer.concat([le16(0, 1, entries.length), ...heads, ...pictures]);
}

export function bmp(width: number, height: number, header: 12 | 40 = 40): Buffer {
  const size = header === 12 ? le16(width, height) : le32(width, height);
  return Buffer.concat([ascii('BM'), le32(0, 0, 0), le32(header), size, Buffer.alloc(32)]);
}

export const box = (type: string, ...data: Buffer[]): Buffer => {
  const inside = Buffer.concat(data);
  return Buffer.concat([be32(inside.length + 8), ascii(type), inside]);
};
export const ftyp = (major: string, ...brands: string[]): Buffer =>
  box('ftyp', ascii(major), be32(0), ascii(brands.join('')));
export const ispe = (width: number, height: number): Buffer => box('ispe', be32(0, width, height));
export const irot = (turns: number): Buffer => box('irot', u8(turns));
export const imir = (axis: number): Buffer => box('imir', u8(axis));
export const clap = (width: number, height: number): Buffer => box('clap', be32(width, 1, height, 1, 0, 1, 0, 1));

/** A HEIF file: properties, and which of them (from 1) belong to which item; the first item is the primary one. */
export function heif(properties: Buffer[], ...items: number[][]): Buffer {
  const links = items.map((own, index) => Buffer.concat([be16(index + 1), u8(own.length, ...own)]));
  const ipma = box('ipma', be32(0, items.length), ...links);
  const iprp = box('iprp', box('ipco', ...properties), ...(items.length === 0 ? [] : [ipma]));
  const pitm = items.length === 0 ? [] : [box('pitm', be32(0), be16(1))];
  return Buffer.concat([ftyp('avif', 'mif1', 'avif'), box('meta', be32(0), ...pitm, iprp)]);
}

/** A picture sequence with one track. */
export function sequence(width: number, height: number, ...meta: Buffer[]): Buffer {
  const matrix = be32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const tkhd = box('tkhd', Buffer.alloc(40), matrix, be32(width * 65_536, height * 65_536));
  return Buffer.concat([ftyp('avis', 'msf1', 'avis'), ...meta, box('moov', box('trak', tkhd))]);
}

export const psd = (width: number, height: number): Buffer =>
  Buffer.concat([ascii('8BPS'), be16(1), Buffer.alloc(6), be16(3), be32(height, width), be16(8, 3)]);

export const tga = (width: number, height: number, pixels = width * height * 3): Buffer =>
  Buffer.concat([u8(0, 0, 2, 0, 0, 0, 0, 0), le16(0, 0, width, height), u8(24, 0), Buffer.alloc(pixels)]);

export function exr(display: [number, number], data: [number, number]): Buffer {
  const window = (name: string, [width, height]: [number, number]) =>
    Buffer.concat([ascii(`${name}\0box2i\0`), le32(16, 0, 0, width - 1, height - 1)]);
  const start = Buffer.concat([Buffer.from('762f3101', 'hex'), le32(2)]);
  return Buffer.concat([start, window('dataWindow', data), window('displayWindow', display), u8(0)]);
}

export const j2k = (right: number, bottom: number, left = 0, top = 0): Buffer =>
  Buffer.concat([Buffer.from('ff4fff510029', 'hex'), be16(0), be32(right, bottom, left, top), Buffer.alloc(20)]);

/** A JPEG XL codestream: fields with their number of bits, lowest first. */
export function jxl(...fields: [value: number, bits: number][]): Buffer {
  const bits = fields.flatMap(([value, count]) => Array.from({ length: count }, (_, index) => (value >> index) & 1));
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) + 4 }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((sum, bit, index) => sum + (bit << index), 0),
  );
  return Buffer.from([0xff, 0x0a, ...bytes]);
}
