import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContentMissing, ContentUnavailable } from '../content/contentfaults';
import type { ContentStore } from '../content/contentstore';
import { openContentDirectory } from '../content/directory';
import { openSqliteStore } from '../sqlite/adapter';
import { auditFile } from '../sqlite/audit';
import { ReferenceReader } from './references';

/** What a backup is, written last: a directory without it holds no whole backup. */
export interface Manifest {
  readonly format: 1;
  readonly program: string;
  readonly takenAt: string;
  /** The end of the log in it. */
  readonly position: string;
  readonly events: number;
  /** SHA-256 by file, of everything but content, whose files are named by theirs. */
  readonly files: Readonly<Record<string, string>>;
  readonly contents: number;
  readonly contentBytes: number;
  /** Contents of versions that were not to be had, or were damaged. */
  readonly lacking: readonly string[];
}

export const MANIFEST = 'backup.json';
export const NAMES = ['people.json', 'people-seen.json'];

export interface BackingUp {
  readonly dataDir: string;
  readonly directory: string;
  readonly content: ContentStore;
  readonly program: string;
  /** Writes the events, as of one moment, into a new file. */
  readonly events: (file: string) => Promise<void>;
  readonly clock?: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Thrown where a backup is not whole, or not what its manifest says. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged';
}

/**
 * Events first, as of one moment, then names and content: whatever an event refers to was there before the event, so
 * the three fit together although the server goes on. Everything is read again, and compared, before the manifest is
 * written. Run again into the same directory it copies only content that is new.
 */
export async function backUp(options: BackingUp): Promise<Manifest> {
  const { directory, dataDir, events, clock = Date.now } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const takenAt = new Date(clock()).toISOString();
  await rm(join(directory, MANIFEST), { force: true });
  const draft = join(directory, 'events.sqlite.draft');
  await rm(draft, { force: true });
  await events(draft);
  await rename(draft, join(directory, 'events.sqlite'));
  const files = ['events.sqlite'];
  for (const name of NAMES) {
    await rm(join(directory, name), { force: true });
    if (!existsSync(join(dataDir, name))) continue;
    await copyFile(join(dataDir, name), join(directory, name));
    files.push(name);
  }
  const { position, count, contents, contentBytes, lacking } = await copyContent(options);
  const sums: [string, string][] = [];
  for (const name of files) {
    await sync(join(directory, name));
    sums.push([name, await sha256Of(join(directory, name))]);
  }
  const audit = auditFile(join(directory, 'events.sqlite'));
  if (audit.faults.length > 0) throw new BackupDamaged(`the events in it are damaged: ${audit.faults.join('; ')}`);
  const manifest: Manifest = {
    format: 1,
    program: options.program,
    takenAt,
    position,
    events: count,
    files: Object.fromEntries(sums),
    contents,
    contentBytes,
    lacking,
  };
  await writeFile(join(directory, `${MANIFEST}.draft`), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await sync(join(directory, `${MANIFEST}.draft`));
  await rename(join(directory, `${MANIFEST}.draft`), join(directory, MANIFEST));
  await sync(directory);
  return manifest;
}

async function copyContent({ directory, content, signal, onProgress }: BackingUp) {
  const store = openSqliteStore(join(directory, 'events.sqlite'), { readOnly: true });
  const reader = new ReferenceReader(store);
  let count: number;
  try {
    await reader.catchUp(signal);
    count = (await store.count!()).events;
  } finally {
    await store.close();
  }
  const there = openContentDirectory(join(directory, 'content'));
  const lacking: string[] = [];
  let [contents, contentBytes, done] = [0, 0, 0];
  for (const digest of reader.referred) {
    signal?.throwIfAborted();
    const bytes = await content.size(digest);
    if (bytes === undefined) {
      if (reader.seen.has(digest)) lacking.push(digest);
    } else if (await isCopied(content, there, digest, bytes)) {
      contents += 1;
      contentBytes += bytes;
    } else {
      lacking.push(digest);
    }
    done += 1;
    onProgress?.(done, reader.referred.size);
  }
  return { position: reader.position, count, contents, contentBytes, lacking };
}

/** Copies one content, whose digest is computed on the way; false where its bytes are not what they must be. */
export async function isCopied(from: ContentStore, to: ContentStore, digest: string, bytes: number): Promise<boolean> {
  if ((await to.size(digest)) === bytes) return true;
  try {
    await to.put(await from.open(digest), { digest });
    return true;
  } catch (error) {
    if (error instanceof ContentMissing || (error as Error).name === 'ContentDiffers') return false;
    if (error instanceof ContentUnavailable && error.trouble === 'false') return false;
    throw error;
  }
}

/** Throws BackupDamaged where the directory holds no whole backup, or where a file is not what it was. */
export async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) throw new BackupDamaged(`${directory} holds no whole backup: there is no ${MANIFEST}`);
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format !== 1) throw new BackupDamaged('the backup is of a newer program; update this one');
  for (const [name, sum] of Object.entries(manifest.files)) {
    const found = await sha256Of(join(directory, name)).catch(() => 'nothing');
    if (found !== sum) throw new BackupDamaged(`${join(directory, name)} has the SHA-256 ${found} instead of ${sum}`);
  }
  return manifest;
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest('hex');
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
