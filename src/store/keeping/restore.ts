import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentStore } from '../content/contentstore';
import { openContentDirectory } from '../content/directory';
import { BackupDamaged, isCopied, type Manifest, NAMES, readManifest } from './backup';
import { verify } from './verifying';

export interface Restoring {
  readonly directory: string;
  readonly dataDir: string;
  readonly content: ContentStore;
  /** Puts the events of a file where they are to be; gives the end of the log and their number, read from there. */
  readonly events: (file: string) => Promise<{ readonly position: string; readonly events: number }>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Content first, events last: until these are there nothing refers to anything. What is in the backup is compared with its
 * digest on the way; damaged content is left out and told. Throws BackupDamaged where the backup is not what it was.
 */
export async function restore(options: Restoring): Promise<Manifest & { readonly damaged: readonly string[] }> {
  const { directory, dataDir, content, signal, onProgress } = options;
  const manifest = await readManifest(directory);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const from = openContentDirectory(join(directory, 'content'));
  const damaged: string[] = [];
  let done = 0;
  for await (const { digest, bytes } of from.list()) {
    signal?.throwIfAborted();
    const isHere = await isCopied(from, content, digest, bytes);
    if (!isHere || (await verify(content, digest)).outcome !== 'good') damaged.push(digest);
    done += 1;
    onProgress?.(done, manifest.contents);
  }
  for (const name of NAMES) {
    if (name in manifest.files) await copyFile(join(directory, name), join(dataDir, name));
  }
  const restored = await options.events(join(directory, 'events.sqlite'));
  if (restored.events !== manifest.events) {
    throw new BackupDamaged(`${restored.events} events were restored of the ${manifest.events} in the backup`);
  }
  return { ...manifest, damaged };
}
