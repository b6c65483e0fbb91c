import type { Readable } from 'node:stream';

/** Bytes that are kept: what they are called, and how many there are. */
export interface Kept {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  readonly digest: string;
  readonly bytes: number;
}

/** Bytes that were handed in. */
export interface Stored extends Kept {
  /** False where the store had them before. */
  readonly fresh: boolean;
}

export interface Listed extends Kept {
  /** When the store wrote them, in milliseconds since 1970, by the store's clock. */
  readonly since: number;
}

/** Bytes `start` to `end`, both included, counted from 0. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Wish {
  /** No more bytes than this. Otherwise ContentTooLarge, and nothing is kept. */
  readonly limit?: number | undefined;
  /** The digest that they must have. Otherwise ContentDiffers, and nothing is kept. */
  readonly digest?: string | undefined;
}

/**
 * Where bytes are kept, each under its own SHA-256. Two adapters, a directory and an object store, and one contract
 * suite: `test/content/contract`. What it promises:
 *
 * C1. Content appears under its digest whole or not at all. When `put` or `take` has answered, a loss of power does not
 *     lose it. What fails midway leaves nothing behind.
 * C2. The same bytes are kept once. Handed in again they take the place of those that are there, so that what was
 *     damaged is whole again; whoever is reading goes on undisturbed. `fresh` tells whether they were there.
 * C3. No name comes from outside: what is no digest or no profile is refused before anything is touched.
 * C4. `open` gives exactly the bytes asked for, or its stream fails; it never ends early without saying so. A store
 *     behind a network also fails the stream of a whole content whose bytes do not have their digest, before its end.
 *     A directory does not: `content check` reads for that.
 * C5. Memory does not grow with the size of what goes in or comes out, except for derived objects, which are whole.
 * C6. `list` tells of everything that was there from its beginning to its end, in the order of the digests.
 * C7. `delete` can be repeated; it takes what was derived from the content with it.
 * C8. Several processes may share one store. None sees a half of what another writes.
 * C9. Errors are typed: ContentMissing, ContentTooLarge, ContentDiffers, ContentUnavailable (full, denied, unreachable,
 *     false). After any of them the store is as it was.
 *
 * A derived object is made from content by a rule, such as a thumbnail: it is found by the digest of the content and the
 * name of the rule, its version included. It can be made again, so it may vanish at any moment.
 */
export interface ContentStore {
  /** Takes bytes as they come, and computes their digest on the way. */
  put(source: AsyncIterable<Uint8Array>, wish?: Wish): Promise<Stored>;
  /**
   * Takes over a file that is whole, synced and hashed already, made in `incoming`. Afterwards the file is gone; where
   * this fails, it is still there.
   */
  take(file: string, kept: Kept): Promise<Stored>;
  /** A directory of this machine in which files for `take` are made; it exists. */
  incoming(): Promise<string>;
  /** How many bytes the content has here; undefined where it is not here. */
  size(digest: string): Promise<number | undefined>;
  /** Opens before it answers: throws ContentMissing, or RangeError where the stretch is not within the content. */
  open(digest: string, stretch?: Stretch): Promise<Readable>;
  /** A file of this machine that holds the content, for programs that read files; undefined if there is none. */
  file(digest: string): Promise<string | undefined>;
  list(after?: string): AsyncIterable<Listed>;
  /** False where it was not here. */
  delete(digest: string): Promise<boolean>;

  derived(digest: string, profile: string): Promise<Buffer | undefined>;
  putDerived(digest: string, profile: string, bytes: Uint8Array): Promise<void>;

  /** Throws ContentUnavailable where nothing could be kept just now. */
  probe(): Promise<void>;
  /** Where it is, in words; nothing in it is secret. */
  readonly place: string;
  close(): Promise<void>;
}

const DIGEST = /^[0-9a-f]{64}$/;
const PROFILE = /^[a-z0-9][a-z0-9@+_-]*(\.[a-z0-9@+_-]+)*$/;
const LONGEST_PROFILE = 120;

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Throws RangeError for anything else: it would become part of a path. */
export function checkDigest(digest: string): void {
  if (!DIGEST.test(digest)) throw new RangeError(`${JSON.stringify(digest)} is no SHA-256 in lower-case hexadecimal`);
}

export function checkProfile(profile: string): void {
  if (profile.length > LONGEST_PROFILE || !PROFILE.test(profile)) {
    throw new RangeError(`${JSON.stringify(profile)} is no name of a profile: a-z, 0-9, @+_- and single dots`);
  }
}

export function checkStretch(bytes: number, { start, end }: Stretch): void {
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < bytes)) {
    throw new RangeError(`bytes ${start} to ${end} are not within content of ${bytes} bytes`);
  }
}
