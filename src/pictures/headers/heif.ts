import { type Box, boxesIn, boxIn } from './boxes';
import { type Picture, shown } from './picture';

/** Brands of still pictures and picture sequences; no video has them. */
const BRANDS = new Set([
  ...['mif1', 'mif2', 'miaf', 'msf1', 'avif', 'avis', 'avio'],
  ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'jpeg', 'j2ki'],
]);

export function isHeif(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') return false;
  const brands = bytes.subarray(8, Math.min(bytes.readUInt32BE(0), bytes.length));
  for (let at = 0; at + 4 <= brands.length; at += 4) {
    if (at !== 4 && BRANDS.has(brands.toString('latin1', at, at + 4))) return true;
  }
  return false;
}

/**
 * The primary picture of an AVIF or HEIC file, with its crop and rotation properties applied; these formats ignore EXIF
 * orientation. For a sequence, its track. Undefined if the two have different sizes.
 */
export function heifPicture(bytes: Buffer): Picture | undefined {
  const meta = boxIn(bytes, 'meta');
  const still = meta === undefined ? undefined : primary(meta.subarray(4));
  const moving = track(bytes);
  if (still === undefined || moving === undefined) return still ?? moving;
  return still.width === moving.width && still.height === moving.height ? still : undefined;
}

function primary(meta: Buffer): Picture | undefined {
  const properties = boxIn(meta, 'iprp');
  const all = [...boxesIn(properties === undefined ? Buffer.alloc(0) : (boxIn(properties, 'ipco') ?? Buffer.alloc(0)))];
  const item = primaryItem(boxIn(meta, 'pitm'));
  const links = properties === undefined ? undefined : boxIn(properties, 'ipma');
  if (links === undefined) return onlySize(all);
  if (item === undefined) return undefined;
  const own = linksOf(links, item).map((index) => all[index - 1]);
  return turned(own.filter((box) => box !== undefined));
}

function primaryItem(pitm: Buffer | undefined): number | undefined {
  if (pitm === undefined) return undefined;
  return pitm[0] === 0 ? pitm.readUInt16BE(4) : pitm.readUInt32BE(4);
}

/** The properties of an item, numbered from 1, in the order in which they are applied. */
function linksOf(ipma: Buffer, item: number): readonly number[] {
  const wideIds = ipma[0] !== 0;
  const wideIndexes = (ipma[3]! & 1) !== 0;
  const entries = ipma.readUInt32BE(4);
  let at = 8;
  for (let entry = 0; entry < entries; entry += 1) {
    const id = wideIds ? ipma.readUInt32BE(at) : ipma.readUInt16BE(at);
    at += wideIds ? 4 : 2;
    const count = ipma.readUInt8(at);
    at += 1;
    const indexes = Array.from({ length: count }, (_, index) =>
      wideIndexes ? ipma.readUInt16BE(at + 2 * index) & 0x7fff : ipma.readUInt8(at + index) & 0x7f,
    );
    if (id === item) return indexes;
    at += count * (wideIndexes ? 2 : 1);
  }
  return [];
}

/** If no association assigns properties to items, all sizes must be equal, and nothing may rotate or crop. */
function onlySize(properties: readonly Box[]): Picture | undefined {
  if (properties.some(({ type }) => TURNING.has(type))) return undefined;
  const sizes = properties.filter(({ type }) => type === 'ispe').map(({ data }) => sizeIn(data));
  const [first] = sizes;
  const same = sizes.every((size) => size?.width === first?.width && size?.height === first?.height);
  return same ? first : undefined;
}

const TURNING = new Set(['irot', 'imir', 'clap']);
/** EXIF orientation by counterclockwise quarter turns, then by mirroring: none, top to bottom, left to right. */
const ORIENTATIONS = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
] as const;

function turned(properties: readonly Box[]): Picture | undefined {
  let size: Picture | undefined;
  let turns = 0;
  let mirror = 0;
  let stated = false;
  for (const { type, data } of properties) {
    if (type === 'ispe') size = sizeIn(data);
    if (type === 'clap' && size !== undefined) size = cropped(data);
    if (type === 'irot') turns = data.readUInt8(0) & 3;
    // Mirroring before a rotation reverses its direction.
    if (type === 'irot' && mirror !== 0) turns = (4 - turns) % 4;
    if (type === 'imir') mirror = (data.readUInt8(0) & 1) + 1;
    stated ||= type === 'irot' || type === 'imir';
  }
  if (size === undefined) return undefined;
  return shown(size.width, size.height, stated ? ORIENTATIONS[turns]?.[mirror] : undefined);
}

function sizeIn(ispe: Buffer): Picture | undefined {
  return shown(ispe.readUInt32BE(4), ispe.readUInt32BE(8));
}

/** A clean aperture: its width and height are fractions, which must be integers for viewers to agree. */
function cropped(clap: Buffer): Picture | undefined {
  return shown(clap.readUInt32BE(0) / clap.readUInt32BE(4), clap.readUInt32BE(8) / clap.readUInt32BE(12));
}

/** The size of the tracks of a sequence; undefined if there is none or if they differ. */
function track(bytes: Buffer): Picture | undefined {
  const movie = boxIn(bytes, 'moov');
  if (movie === undefined) return undefined;
  const sizes = [...boxesIn(movie)].flatMap(({ type, data }) => {
    const header = type === 'trak' ? boxIn(data, 'tkhd') : undefined;
    const size = header === undefined ? undefined : trackSize(header);
    return size === undefined ? [] : [size];
  });
  const [first] = sizes;
  return sizes.every((size) => size.width === first?.width && size.height === first?.height) ? first : undefined;
}

function trackSize(header: Buffer): Picture | undefined {
  const at = header[0] === 1 ? 52 : 40;
  const [a, b] = [header.readInt32BE(at), header.readInt32BE(at + 4)];
  const [width, height] = [header.readUInt32BE(at + 36) / 65_536, header.readUInt32BE(at + 40) / 65_536];
  return a === 0 && b !== 0 ? shown(height, width) : shown(width, height);
}
