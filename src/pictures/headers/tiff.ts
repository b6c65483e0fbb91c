import { isBeyondEnd, type Picture, shown } from './picture';

const WIDTH = 256;
const HEIGHT = 257;
const ORIENTATION = 274;
const NEW_SUBFILE_TYPE = 254;
const SUBFILE_TYPE = 255;
/** Bits of NewSubfileType: a reduced copy of another page, or a mask for one. */
const SMALLER_OR_MASK = 0b101;

/** The tags of one page whose value is a single integer. */
type Page = ReadonlyMap<number, number>;

/**
 * The first page, which every viewer opens. Undefined if it is marked as a reduced copy of another page: viewers differ
 * on which to show.
 */
export function tiffPicture(bytes: Buffer): Picture | undefined {
  const page = firstPage(bytes);
  const [width, height] = [page?.get(WIDTH), page?.get(HEIGHT)];
  if (page === undefined || width === undefined || height === undefined) return undefined;
  const copy = ((page.get(NEW_SUBFILE_TYPE) ?? 0) & SMALLER_OR_MASK) !== 0 || page.get(SUBFILE_TYPE) === 2;
  return copy ? undefined : shown(width, height, orientationOf(page));
}

/** The orientation in EXIF data, which is laid out as a TIFF file; undefined if missing or invalid. */
export function exifOrientation(exif: Buffer): number | undefined {
  const prefixed = exif.subarray(0, 6).equals(Buffer.from('Exif\0\0'));
  try {
    const page = firstPage(prefixed ? exif.subarray(6) : exif);
    return page === undefined ? undefined : orientationOf(page);
  } catch (error) {
    // Damaged EXIF data has no orientation; the picture itself may be intact.
    if (isBeyondEnd(error)) return undefined;
    throw error;
  }
}

function orientationOf(page: Page): number | undefined {
  const value = page.get(ORIENTATION);
  return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
}

function firstPage(bytes: Buffer): Page | undefined {
  const order = bytes.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return undefined;
  const read = new Numbers(bytes, order === 'II');
  const kind = read.at(2, 2);
  if (kind === 42) return tags(read, read.at(4, 4), { count: 2, entry: 12, value: 8, long: 4 });
  if (kind === 43 && read.at(4, 2) === 8) return tags(read, read.at(8, 8), { count: 8, entry: 20, value: 12, long: 8 });
  return undefined;
}

interface Layout {
  readonly count: number;
  readonly entry: number;
  /** The offset of the value in an entry. */
  readonly value: number;
  readonly long: number;
}

/** Byte sizes of the integer types: BYTE, SHORT, LONG, LONG8. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };

function tags(read: Numbers, start: number, layout: Layout): Page {
  const page = new Map<number, number>();
  const entries = Math.min(read.at(start, layout.count), 4096);
  for (let index = 0; index < entries; index += 1) {
    const at = start + layout.count + index * layout.entry;
    const size = SIZES[read.at(at + 2, 2)];
    const single = read.at(at + 4, layout.long) === 1;
    const tag = read.at(at, 2);
    if (single && size !== undefined && size <= layout.long && !page.has(tag)) {
      page.set(tag, read.at(at + layout.value, size));
    }
  }
  return page;
}

class Numbers {
  constructor(
    private readonly bytes: Buffer,
    private readonly littleEndian: boolean,
  ) {}

  at(offset: number, size: number): number {
    if (size === 8) {
      const value = this.littleEndian ? this.bytes.readBigUInt64LE(offset) : this.bytes.readBigUInt64BE(offset);
      return Number(value);
    }
    return this.littleEndian ? this.bytes.readUIntLE(offset, size) : this.bytes.readUIntBE(offset, size);
  }
}
