import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './check';

const MOST = 10;
const DIGEST = /^[0-9a-f]{64}$/;
const ADVICE =
  'Restore these files from a backup, or delete them and run the import again: it writes missing files, and the events ' +
  'hold the right digests';

/** What the last check of stored bytes left: `faulty` is digest → outcome, `checked` the number of contents. */
export function checkFixity(faulty: ReadonlyMap<string, string>, checked: number): Check {
  const name = 'fixity';
  if (checked === 0) {
    return { name, ok: true, detail: 'no stored bytes were checked; `palimpsest content check` does it', advice: '' };
  }
  if (faulty.size === 0)
    return { name, ok: true, detail: `the last check of each of ${checked} contents was good`, advice: '' };
  const named = [...faulty].slice(0, MOST).map(([digest, outcome]) => `${digest} is ${outcome}`);
  const more = faulty.size > MOST ? `; and ${faulty.size - MOST} more` : '';
  const advice = 'Upload the same bytes again, or restore them from a backup; then run `palimpsest content check`';
  return { name, ok: false, detail: `${named.join('; ')}${more}`, advice };
}

export interface ContentLooking {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Reads every content file and compares its SHA-256 with its name, and its size with the events. `known`: digest →
 * bytes, of every version in the log.
 */
export async function checkContent(
  root: string,
  known: ReadonlyMap<string, number>,
  { signal, onProgress }: ContentLooking = {},
): Promise<Check> {
  const name = 'content';
  if (!existsSync(root)) return { name, ok: true, detail: 'no content is kept here', advice: '' };
  const files = filesIn(root);
  const faults: string[] = [];
  let [bytes, kept, strays] = [0, 0, 0];
  for (const [index, { path, digest }] of files.entries()) {
    signal?.throwIfAborted();
    if (digest === undefined) {
      strays += 1;
      continue;
    }
    const { size } = statSync(path);
    const expected = known.get(digest);
    if (expected !== undefined && expected !== size) faults.push(`${path} has ${size} bytes instead of ${expected}`);
    else if ((await digestOf(path)) !== digest) faults.push(`${path} does not have the SHA-256 of its name`);
    bytes += size;
    if (expected !== undefined) kept += 1;
    onProgress?.(index + 1, files.length);
  }
  const left = strays > 0 ? `; files left by an import that was killed: ${strays}` : '';
  const seen = `${files.length - strays} files, ${(bytes / 1024 ** 2).toFixed(1)} MiB, were read${left}`;
  if (faults.length > 0) {
    const more = faults.length > MOST ? `; and ${faults.length - MOST} more` : '';
    return { name, ok: false, detail: `${seen}: ${faults.slice(0, MOST).join('; ')}${more}`, advice: ADVICE };
  }
  const without = known.size - kept;
  const rest = without > 0 ? `; the bytes of ${without} other contents in the log are not kept here` : '';
  return { name, ok: true, detail: `${seen}; each has the SHA-256 of its name${rest}`, advice: '' };
}

/** `<root>/ab/cdef…`; no digest if the name does not have this form. */
function filesIn(root: string): readonly { readonly path: string; readonly digest: string | undefined }[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((folder) => {
    if (!folder.isDirectory()) return [{ path: join(root, folder.name), digest: undefined }];
    return readdirSync(join(root, folder.name)).map((file) => {
      const digest = `${folder.name}${file}`;
      return { path: join(root, folder.name, file), digest: DIGEST.test(digest) ? digest : undefined };
    });
  });
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest('hex');
}
