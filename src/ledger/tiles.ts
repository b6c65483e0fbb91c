/** Names and formats of c2sp.org/tlog-tiles. */

/** Number of hashes in a full tile, and of entries in a full bundle. */
export const TILE_WIDTH = 256;
/** An entry is preceded by its length in two bytes. */
const MOST_ENTRY_BYTES = 65_535;

/** `level`: that of a tile of hashes, or `entries`. `width`: number of hashes or entries, `TILE_WIDTH` if full. */
export interface Tile {
  readonly level: number | 'entries';
  readonly number: number;
  readonly width: number;
}

/** 1234067 is `x001/x234/067`. */
export function tilePath({ level, number, width }: Tile): string {
  const groups = [String(number % 1000).padStart(3, '0')];
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The partial tiles of a tree: the last one of each level, if it is not full. */
export function partialTiles(size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const tile = { number: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH };
    if (tile.width === 0) continue;
    tiles.push({ level, ...tile });
    if (level === 0) tiles.push({ level: 'entries', ...tile });
  }
  return tiles;
}

/** Entries, each preceded by its length in two bytes. */
export function packEntries(entries: readonly Uint8Array[]): Buffer {
  const parts = entries.flatMap((entry) => {
    if (entry.length > MOST_ENTRY_BYTES) throw new RangeError(`an entry has at most ${MOST_ENTRY_BYTES} bytes`);
    return [Buffer.of(Math.floor(entry.length / 256), entry.length % 256), entry];
  });
  return Buffer.concat(parts);
}

/** The entries of a bundle; undefined if the bytes are invalid. */
export function unpackEntries(bundle: Buffer): readonly Buffer[] | undefined {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length; ) {
    if (at + 2 > bundle.length) return undefined;
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length) return undefined;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
