import { createHash } from 'node:crypto';
import { type BlobSink, Blobs } from '../repository/blobs';
import { LARGEST_POINTER, lfsPointerOf } from '../repository/lfs';
import type { Git } from '../repository/run';

/** SHA-256 of the bytes, or the digest in a Git LFS pointer. */
function digestSink(): BlobSink<string> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  return {
    write: (chunk) => {
      hash.update(chunk);
      if (head.length <= LARGEST_POINTER) head = Buffer.concat([head, chunk.subarray(0, LARGEST_POINTER + 1)]);
    },
    end: () => lfsPointerOf(head)?.digest ?? hash.digest('hex'),
  };
}

/** Number of blobs requested at once. */
const AT_ONCE = 500;

/** The digest of each blob; each is read once. */
export async function digestsOf(git: Git, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  if (wanted.size === 0) return digests;
  const all = [...wanted];
  const blobs = new Blobs(git);
  try {
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE);
      const read = await Promise.all(some.map((blob) => blobs.read(blob, digestSink)));
      for (const [index, digest] of read.entries()) digests.set(some[index]!, digest);
    }
  } finally {
    await blobs.close();
  }
  return digests;
}

/** Two successive blobs at one path. */
export interface Pair {
  readonly before: string;
  readonly after: string;
}

/**
 * The pairs with the same content, as when files move into Git LFS: one blob is a pointer to the other, or both are
 * pointers to the same content. Only blobs as small as pointers, and their counterparts, are read.
 */
export async function sameContents<P extends Pair>(git: Git, pairs: readonly P[]): Promise<ReadonlySet<P>> {
  if (pairs.length === 0) return new Set();
  const all = [...new Set(pairs.flatMap(({ before, after }) => [before, after]))];
  const sizes = await git.text(['cat-file', '--batch-check=%(objectsize)'], `${all.join('\n')}\n`);
  const small = new Set(sizes.split('\n').flatMap((size, at) => (Number(size) <= LARGEST_POINTER ? [all[at]!] : [])));
  const near = pairs.filter(({ before, after }) => small.has(before) || small.has(after));
  const digests = await digestsOf(git, new Set(near.flatMap(({ before, after }) => [before, after])));
  return new Set(near.filter(({ before, after }) => digests.get(before) === digests.get(after)));
}
