import { createHash } from 'node:crypto';
import { ContentMissing, ContentUnavailable } from '../content/contentfaults';
import type { ContentStore } from '../content/contentstore';

export interface Verified {
  readonly digest: string;
  readonly outcome: 'good' | 'missing' | 'damaged';
  /** The SHA-256 that damaged bytes have, where the store gives them at all. */
  readonly found?: string | undefined;
  readonly bytes: number;
}

/** Reads bytes and compares their SHA-256 with their name. Throws ContentUnavailable where the store does not answer. */
export async function verify(content: Pick<ContentStore, 'open'>, digest: string): Promise<Verified> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of await content.open(digest)) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (error) {
    if (error instanceof ContentMissing) return { digest, outcome: 'missing', bytes: 0 };
    // A store behind a network compares by itself.
    if (error instanceof ContentUnavailable && error.trouble === 'false') return { digest, outcome: 'damaged', bytes };
    throw error;
  }
  const found = hash.digest('hex');
  return found === digest ? { digest, outcome: 'good', bytes } : { digest, outcome: 'damaged', found, bytes };
}

export interface Checking {
  readonly content: ContentStore;
  /** What versions consist of: digest → bytes. */
  readonly versions: ReadonlyMap<string, number>;
  /** Contents whose bytes were here at some time. */
  readonly seen: ReadonlySet<string>;
  /** At most so many, drawn at random. */
  readonly sample?: number | undefined;
  readonly random?: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onChecked: (verified: Verified) => Promise<void>;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Checked {
  readonly good: number;
  readonly damaged: readonly string[];
  readonly missing: readonly string[];
  /** Contents of versions whose bytes were never here. */
  readonly elsewhere: number;
  readonly bytes: number;
}

/** Checks what is kept, and what was. Content that was never here is no fault: it may be elsewhere. */
export async function checkKept(options: Checking): Promise<Checked> {
  const { content, versions, seen, sample, random = Math.random, signal, onChecked, onProgress } = options;
  const kept = new Set<string>();
  for await (const { digest } of content.list()) kept.add(digest);
  const due = [...versions.keys()].filter((digest) => kept.has(digest) || seen.has(digest));
  const drawn = sample === undefined ? due : draw(due, sample, random);
  let [good, bytes] = [0, 0];
  const [damaged, missing]: [string[], string[]] = [[], []];
  for (const [index, digest] of drawn.entries()) {
    signal?.throwIfAborted();
    const verified = await verify(content, digest);
    await onChecked(verified);
    bytes += verified.bytes;
    if (verified.outcome === 'good') good += 1;
    else (verified.outcome === 'damaged' ? damaged : missing).push(digest);
    onProgress?.(index + 1, drawn.length);
  }
  return { good, damaged, missing, elsewhere: versions.size - due.length, bytes };
}

function draw<T>(from: readonly T[], count: number, random: () => number): readonly T[] {
  const left = [...from];
  for (let index = 0; index < Math.min(count, left.length); index += 1) {
    const other = index + Math.floor(random() * (left.length - index));
    [left[index], left[other]] = [left[other]!, left[index]!];
  }
  return left.slice(0, count);
}
