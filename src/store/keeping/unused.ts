import type { ContentStore, Kept } from '../content/contentstore';
import type { Store } from '../store';
import { ReferenceReader } from './references';

export interface LookingForUnused {
  readonly store: Pick<Store, 'readAll' | 'head'>;
  readonly content: ContentStore;
  /** How long bytes have to have been here. */
  readonly days: number;
  readonly isDelete: boolean;
  readonly clock?: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface Unused {
  readonly unused: readonly Kept[];
  /** Those to which nothing refers either, and which came too lately. */
  readonly waiting: number;
}

const DAY = 86_400_000;

/**
 * Bytes to which no event refers. A version may be made of uploaded bytes for days, so there is a waiting time; and before
 * each of them is deleted the log is read to its end once more.
 */
export async function findUnused(options: LookingForUnused): Promise<Unused> {
  const { store, content, days, isDelete, clock = Date.now, signal } = options;
  const references = new ReferenceReader(store);
  await references.catchUp(signal);
  const before = clock() - days * DAY;
  const found: Kept[] = [];
  let waiting = 0;
  for await (const { digest, bytes, since } of content.list()) {
    signal?.throwIfAborted();
    if (references.referred.has(digest)) continue;
    if (since > before) waiting += 1;
    else found.push({ digest, bytes });
  }
  if (!isDelete) return { unused: found, waiting };
  const unused: Kept[] = [];
  for (const kept of found) {
    signal?.throwIfAborted();
    await references.catchUp(signal);
    if (references.referred.has(kept.digest)) continue;
    if (await content.delete(kept.digest)) unused.push(kept);
  }
  return { unused, waiting };
}
