import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const BYTES = 32;

/**
 * The key that signs links to content: derived from the secret that several servers share, or stored in the data
 * directory, where it is created with the first link.
 */
export function linkKey(dataDir: string, shared: string | undefined): Buffer {
  if (shared !== undefined) return createHash('sha256').update(`palimpsest links\0${shared}`).digest();
  const file = join(dataDir, 'keys', 'links.key');
  return read(file) ?? made(file);
}

function read(file: string): Buffer | undefined {
  try {
    const key = Buffer.from(readFileSync(file, 'utf8'), 'base64url');
    if (key.length === BYTES) return key;
    // A truncated key is replaced: its links were valid for a few hours only.
    rmSync(file, { force: true });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function made(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  const key = randomBytes(BYTES);
  writeFileSync(draft, key.toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    // A link appears atomically with its whole content, so two processes that start together agree on one key.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return read(file) ?? key;
  } finally {
    unlinkSync(draft);
  }
  return key;
}
