import type { Readable } from 'node:stream';

/** Stored bytes: their name and size. */
export interface Kept {
  /** SHA-256 of the bytes, 64 lower-case hexadecimal digits. */
  readonly digest: string;
  readonly bytes: number;
}

/** The result of storing bytes. */
export interface Stored extends Kept {
  /** False if the store already had them. */
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
  /** Maximum number of bytes. Beyond it ContentTooLarge is thrown, and nothing is stored. */
  readonly limit?: number | undefined;
  /** The required digest. Otherwise ContentDiffers is thrown, and nothing is stored. */
  readonly digest?: string | undefined;
}

/**
 * A content-addressed store: bytes are stored under their SHA-256. Two adapters, a directory and an object store, pass one
 * contract suite, `test/content/contract`. The promises:
 *
 * C1. Content appears under its digest whole or not at all. Once `put` or `take` has resolved, a power failure does not
 *     lose it. A failed write leaves nothing behind.
 * C2. The same bytes are stored once. Storing them again replaces the existing bytes, which repairs damaged content;
 *     concurrent readers are not disturbed. `fresh` is false if they already existed.
 * C3. No name comes from outside: an invalid digest or profile is refused before anything is touched.
 * C4. `open` returns exactly the requested bytes, or its stream fails; it never ends early without an error. A remote
 *     store also fails the stream of a whole content whose bytes do not match their digest, before its end. A directory
 *     does not: `content check` does.
 * C5. Memory does not grow with the size of the content, except for derived objects, which are held whole.
 * C6. `list` returns everything that existed throughout the call, in the order of the digests.
 * C7. `delete` is idempotent; it also deletes what was derived from the content.
 * C8. Several processes may share one store. None sees a partial write of another.
 * C9. Errors are typed: ContentMissing, ContentTooLarge, ContentDiffers, ContentUnavailable (full, denied, unreachable,
 *     false). After any of them the store is unchanged.
 *
 * A derived object, such as a thumbnail, is made from content by a rule: it is found by the digest of the content and the
 * name of the rule, which includes its version. It can be made again, so it may disappear at any time.
 */
export interface ContentStore {
  /** Stores a stream of bytes, and computes its digest on the way. */
  put(source: AsyncIterable<Uint8Array>, wish?: Wish): Promise<Stored>;
  /**
   * Takes over a complete, synced and hashed file that was made in `incoming`. Afterwards the file is gone; on failure
   * it is still there.
   */
  take(file: string, kept: Kept): Promise<Stored>;
  /** A local directory for files that `take` takes over; it exists. */
  incoming(): Promise<string>;
  /** The size of the content here; undefined if it is not here. */
  size(digest: string): Promise<number | undefined>;
  /** Opens before it resolves: throws ContentMissing, or RangeError if the range is outside the content. */
  open(digest: string, stretch?: Stretch): Promise<Readable>;
  /** A local file with the content, for programs that read files; undefined if there is none. */
  file(digest: string): Promise<string | undefined>;
  list(after?: string): AsyncIterable<Listed>;
  /** False if it was not here. */
  delete(digest: string): Promise<boolean>;

  derived(digest: string, profile: string): Promise<Buffer | undefined>;
  putDerived(digest: string, profile: string, bytes: Uint8Array): Promise<void>;

  /** Throws ContentUnavailable if nothing can be stored at present. */
  probe(): Promise<void>;
  /** A description of where it is, without secrets. */
  readonly place: string;
  /** The directory `ab/cdef…` of contents, where there is one: an importer may place files there by renaming them. */
  readonly tree?: string;
  close(): Promise<void>;
}

const DIGEST = /^[0-9a-f]{64}$/;
const PROFILE = /^[a-z0-9][a-z0-9@+_-]*(\.[a-z0-9@+_-]+)*$/;
const LONGEST_PROFILE = 120;

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Throws RangeError for anything else, since it would become part of a path. */
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
