import { type Picture, shown } from './picture';

/** Formats with the size as numbers at fixed offsets, or in plain text. */

export function bmpPicture(bytes: Buffer): Picture | undefined {
  const header = bytes.readUInt32LE(14);
  if (header === 12) return shown(bytes.readUInt16LE(18), bytes.readUInt16LE(20));
  // A negative height means that the rows are stored top to bottom.
  return header >= 16 && header <= 1024 ? shown(bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))) : undefined;
}

export function psdPicture(bytes: Buffer): Picture | undefined {
  const version = bytes.readUInt16BE(4);
  return version === 1 || version === 2 ? shown(bytes.readUInt32BE(18), bytes.readUInt32BE(14)) : undefined;
}

export function ddsPicture(bytes: Buffer): Picture | undefined {
  return bytes.readUInt32LE(4) === 124 ? shown(bytes.readUInt32LE(16), bytes.readUInt32LE(12)) : undefined;
}

export function ktxPicture(bytes: Buffer): Picture | undefined {
  const order = bytes.readUInt32LE(12);
  if (order === 0x04030201) return shown(bytes.readUInt32LE(36), bytes.readUInt32LE(40));
  return order === 0x01020304 ? shown(bytes.readUInt32BE(36), bytes.readUInt32BE(40)) : undefined;
}

export function xcfPicture(bytes: Buffer): Picture | undefined {
  return shown(bytes.readUInt32BE(14), bytes.readUInt32BE(18));
}

/** OpenEXR: the display window. Undefined if the data window differs, since viewers disagree. */
export function exrPicture(bytes: Buffer): Picture | undefined {
  const windows = new Map<string, Picture | undefined>();
  let at = 8;
  const word = () => {
    const end = bytes.indexOf(0, at);
    const text = end === -1 ? '' : bytes.toString('latin1', at, Math.min(end, at + 256));
    at = end + 1;
    return end === -1 ? '' : text;
  };
  for (let name = word(); name !== ''; name = word()) {
    const type = word();
    const size = bytes.readUInt32LE(at);
    at += 4;
    if (type === 'box2i') {
      const [left, top, right, bottom] = [0, 4, 8, 12].map((place) => bytes.readInt32LE(at + place)) as [
        number,
        number,
        number,
        number,
      ];
      if (!windows.has(name)) windows.set(name, shown(right - left + 1, bottom - top + 1));
    }
    at += size;
  }
  const [shownAt, filled] = [windows.get('displayWindow'), windows.get('dataWindow')];
  return shownAt?.width === filled?.width && shownAt?.height === filled?.height ? shownAt : undefined;
}

const SPACE = new Set([' ', '\t', '\r', '\n', '\v', '\f']);
const LONGEST_HEADER = 4096;

/** PBM, PGM, PPM, PFM and PAM: words separated by spaces and comments. */
export function pnmPicture(bytes: Buffer): Picture | undefined {
  const words = wordsIn(bytes.toString('latin1', 2, LONGEST_HEADER));
  if (bytes[1] !== 0x37) return shown(wholeIn(words[0]), wholeIn(words[1]));
  const end = words.indexOf('ENDHDR');
  const value = (name: string) => wholeIn(words.slice(0, end)[words.indexOf(name) + 1]);
  const named = end !== -1 && words.includes('WIDTH') && words.includes('HEIGHT');
  return named ? shown(value('WIDTH'), value('HEIGHT')) : undefined;
}

function wordsIn(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let comment = false;
  for (const character of text) {
    if (comment) comment = character !== '\n' && character !== '\r';
    else if (character === '#' || SPACE.has(character)) {
      if (word !== '') words.push(word);
      word = '';
      comment = character === '#';
    } else word += character;
  }
  // The last word may be cut off and is ignored.
  return words;
}

function wholeIn(word: string | undefined): number {
  return word !== undefined && /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN;
}

/** The first quoted string: width, height, colours, characters per pixel. */
export function xpmPicture(bytes: Buffer): Picture | undefined {
  const text = bytes.toString('latin1', 0, LONGEST_HEADER);
  const start = text.indexOf('"', text.indexOf('{'));
  const end = start === -1 ? -1 : text.indexOf('"', start + 1);
  if (end === -1) return undefined;
  const words = text
    .slice(start + 1, end)
    .trim()
    .split(/\s/);
  const numbers = words.filter((word) => word !== '').map(wholeIn);
  return numbers.length < 4 || numbers.slice(0, 4).some(Number.isNaN) ? undefined : shown(numbers[0]!, numbers[1]!);
}

const TGA_FOOTER = 'TRUEVISION-XFILE.\0';

/**
 * Targa files have no signature at the start: a footer, or pixel data that fills the file exactly, must prove the
 * format.
 */
export function tgaPicture(bytes: Buffer, size: number): Picture | undefined {
  if (bytes.length < 18 || bytes.length !== size) return undefined;
  const [idLength, mapType, type, mapEntries, mapDepth, depth] = [
    bytes[0]!,
    bytes[1]!,
    bytes[2]!,
    bytes.readUInt16LE(5),
    bytes[7]!,
    bytes[16]!,
  ];
  const [width, height] = [bytes.readUInt16LE(12), bytes.readUInt16LE(14)];
  if (mapType > 1 || ![1, 2, 3, 9, 10, 11].includes(type) || ![8, 15, 16, 24, 32].includes(depth)) return undefined;
  const map = mapType === 1 ? mapEntries * Math.ceil(mapDepth / 8) : 0;
  const whole = 18 + idLength + map + width * height * Math.ceil(depth / 8) === size;
  const footed = bytes.toString('latin1', size - TGA_FOOTER.length) === TGA_FOOTER;
  return footed || (type < 4 && whole) ? shown(width, height) : undefined;
}
