import { constants, mkdirSync, readFileSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HASH_BYTES } from './hash';
import { partialTiles, TILE_WIDTH, type Tile, tilePath, unpackEntries } from './tiles';

/** A file of the ledger is missing or contradicts the others. */
export class LedgerDamaged extends Error {
  override readonly name = 'LedgerDamaged';
}

/** The files of a log as laid out in c2sp.org/tlog-tiles, which may be handed to anybody. */
export class LedgerDirectory {
  constructor(readonly path: string) {}

  get checkpointFile(): string {
    return join(this.path, 'checkpoint');
  }

  /** The signed checkpoint; undefined if nothing has been signed. */
  checkpoint(): string | undefined {
    return textIn(this.checkpointFile);
  }

  /**
   * The bytes of a tile or bundle of a tree of this size. If it was partial at that size and is full now, only its
   * beginning is returned. Throws LedgerDamaged.
   */
  tile(level: Tile['level'], number: number, width: number): Buffer {
    const full = bytesIn(join(this.path, tilePath({ level, number, width: TILE_WIDTH })));
    const bytes = full ?? bytesIn(join(this.path, tilePath({ level, number, width })));
    const name = tilePath({ level, number, width });
    if (bytes === undefined) throw new LedgerDamaged(`${name} of the ledger is missing`);
    if (level === 'entries') return bytes;
    if (bytes.length < width * HASH_BYTES || bytes.length % HASH_BYTES !== 0) {
      throw new LedgerDamaged(`${name} of the ledger has ${bytes.length} bytes`);
    }
    return bytes.subarray(0, width * HASH_BYTES);
  }

  /** The entries of a bundle that has this many in the tree. Throws LedgerDamaged. */
  entries(number: number, width: number): readonly Buffer[] {
    const entries = unpackEntries(this.tile('entries', number, width));
    if (entries === undefined || entries.length < width) {
      throw new LedgerDamaged(`${tilePath({ level: 'entries', number, width })} of the ledger cannot be read`);
    }
    return entries.slice(0, width);
  }

  /** Writes a file atomically. Its name is durable once `settle` has resolved. */
  async write(name: string, bytes: Uint8Array | string, mode = 0o644): Promise<string> {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    const incoming = `${path}.incoming`;
    const file = await open(incoming, 'w', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(incoming, path);
    return path;
  }

  /** Makes the names of these files durable. */
  async settle(paths: readonly string[]): Promise<void> {
    const folders = new Set<string>();
    for (const path of paths) {
      for (let folder = dirname(path); folder.length >= this.path.length; folder = dirname(folder)) folders.add(folder);
    }
    for (const folder of folders) await syncFolder(folder);
  }

  /** Partial tiles are useless once the full one exists. */
  async dropPartials(level: Tile['level'], number: number): Promise<void> {
    const folder = join(this.path, `${tilePath({ level, number, width: TILE_WIDTH })}.p`);
    await rm(folder, { recursive: true, force: true });
  }

  /** Removes files that were being written during a power failure. */
  async dropIncoming(size: number): Promise<void> {
    const folders = new Set([this.path, ...partialTiles(size).map((tile) => dirname(join(this.path, tilePath(tile))))]);
    for (const folder of folders) {
      for (const name of await readdir(folder).catch(() => [])) {
        if (name.endsWith('.incoming')) await rm(join(folder, name), { force: true });
      }
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there a rename is written with the file.
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function bytesIn(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function textIn(path: string): string | undefined {
  return bytesIn(path)?.toString('utf8');
}
