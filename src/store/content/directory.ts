import { randomBytes } from 'node:crypto';
import { close, createReadStream, type Dirent, fstat, open as openCallback } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { asContentFault, ContentMissing } from './contentfaults';
import {
  type ContentStore,
  checkDigest,
  checkProfile,
  checkStretch,
  isDigest,
  type Kept,
  type Listed,
  type Stored,
  type Stretch,
  type Wish,
} from './contentstore';
import { intoFile } from './intake';

/** Bytes read at once. */
const PIECE = 512 * 1024;

const openFile = promisify(openCallback);
const statOf = promisify(fstat);
const closeFile = promisify(close);

/**
 * Content in a directory: `<root>/sha256/ab/cdef…` by hexadecimal SHA-256. On the same file system are
 * `derived/ab/cdef…/<profile>` and `incoming`, where files are written until they are complete.
 */
export function openContentDirectory(root: string): ContentStore {
  return new ContentDirectory(root);
}

/** The path of the content with this digest, below the root. */
export function contentPath(root: string, digest: string): string {
  return join(root, 'sha256', digest.slice(0, 2), digest.slice(2));
}

class ContentDirectory implements ContentStore {
  readonly place: string;
  readonly tree: string;

  constructor(private readonly root: string) {
    this.place = root;
    this.tree = join(root, 'sha256');
  }

  async put(source: AsyncIterable<Uint8Array>, wish?: Wish): Promise<Stored> {
    return this.told(async () => {
      const file = join(await this.incoming(), randomBytes(16).toString('hex'));
      const kept = await intoFile(file, source, wish);
      try {
        return await this.take(file, kept);
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    });
  }

  async take(file: string, { digest, bytes }: Kept): Promise<Stored> {
    checkDigest(digest);
    return this.told(async () => {
      const there = await this.size(digest);
      const path = contentPath(this.root, digest);
      await makeDirectory(dirname(path));
      await move(file, path);
      await syncDirectory(dirname(path));
      return { digest, bytes, fresh: there !== bytes };
    });
  }

  async incoming(): Promise<string> {
    const path = join(this.root, 'incoming');
    await this.told(() => makeDirectory(path));
    return path;
  }

  async size(digest: string): Promise<number | undefined> {
    checkDigest(digest);
    return this.told(async () => {
      try {
        const found = await stat(contentPath(this.root, digest));
        return found.isFile() ? found.size : undefined;
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  async open(digest: string, stretch?: Stretch): Promise<Readable> {
    checkDigest(digest);
    return this.told(async () => {
      // A descriptor instead of a FileHandle, whose streams are half as fast.
      const fd = await openFile(contentPath(this.root, digest), 'r').catch((error: unknown) => {
        throw isAbsent(error) ? new ContentMissing(digest) : error;
      });
      try {
        const { size } = await statOf(fd);
        if (stretch !== undefined) checkStretch(size, stretch);
        if (size > 0) return createReadStream('', { fd, start: 0, end: size - 1, ...stretch, highWaterMark: PIECE });
      } catch (error) {
        await closeFile(fd);
        throw error;
      }
      await closeFile(fd);
      return Readable.from([]);
    });
  }

  async file(digest: string): Promise<string | undefined> {
    return (await this.size(digest)) === undefined ? undefined : contentPath(this.root, digest);
  }

  async *list(after = ''): AsyncGenerator<Listed> {
    const top = join(this.root, 'sha256');
    for (const folder of await this.entries(top)) {
      if (!folder.isDirectory() || folder.name < after.slice(0, 2)) continue;
      for (const { name } of await this.entries(join(top, folder.name))) {
        const digest = `${folder.name}${name}`;
        if (!isDigest(digest) || digest <= after) continue;
        const found = await stat(contentPath(this.root, digest)).catch(() => undefined);
        if (found?.isFile()) yield { digest, bytes: found.size, since: found.mtimeMs };
      }
    }
  }

  async delete(digest: string): Promise<boolean> {
    checkDigest(digest);
    return this.told(async () => {
      const there = (await this.size(digest)) !== undefined;
      await rm(this.derivedFolder(digest), { recursive: true, force: true });
      if (!there) return false;
      const path = contentPath(this.root, digest);
      await rm(path, { force: true });
      await syncDirectory(dirname(path));
      return true;
    });
  }

  async derived(digest: string, profile: string): Promise<Buffer | undefined> {
    const path = this.derivedPath(digest, profile);
    return this.told(async () => {
      try {
        return await readFile(path);
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  /** Renamed but not synced: objects lost in a power failure are made again. A file truncated by one cannot be read. */
  async putDerived(digest: string, profile: string, bytes: Uint8Array): Promise<void> {
    const path = this.derivedPath(digest, profile);
    await this.told(async () => {
      const file = join(await this.incoming(), randomBytes(16).toString('hex'));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await intoFile(file, one(bytes));
      await rename(file, path);
    });
  }

  async probe(): Promise<void> {
    await this.put(one(new Uint8Array(0)));
  }

  async close(): Promise<void> {}

  private derivedFolder(digest: string): string {
    return join(this.root, 'derived', digest.slice(0, 2), digest.slice(2));
  }

  private derivedPath(digest: string, profile: string): string {
    checkDigest(digest);
    checkProfile(profile);
    return join(this.derivedFolder(digest), profile);
  }

  private async entries(path: string): Promise<readonly Dirent[]> {
    return this.told(async () => {
      try {
        const found = await readdir(path, { withFileTypes: true });
        return found.sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (error) {
        if (isAbsent(error)) return [];
        throw error;
      }
    });
  }

  private async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asContentFault(error, this.root);
    }
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Creates missing directories of a path, and syncs the parent of each new one. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** A rename across file systems is impossible: the file is first copied next to its target, and synced. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = `${to}.${randomBytes(8).toString('hex')}`;
    try {
      await copyFile(from, beside);
      await syncFile(beside);
      await rename(beside, to);
    } catch (failure) {
      await rm(beside, { force: true });
      throw failure;
    }
    await rm(from, { force: true });
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
