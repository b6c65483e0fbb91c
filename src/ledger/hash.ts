import { hash } from 'node:crypto';

/** Size of a SHA-256 in bytes. */
export const HASH_BYTES = 32;

/** Hashes in one call: several times faster than a `Hash` object for inputs this small. */
export function sha256(data: Uint8Array | string): Buffer {
  return hash('sha256', data, 'buffer');
}

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Decodes canonical base64 with padding; undefined for any other text, which a lenient decoder would accept. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

const LEAF = Buffer.of(0x00);
/** 0x01, then room for two hashes, which are copied into it. */
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01);

/** RFC 6962: the hash of one entry. */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(Buffer.concat([LEAF, entry], 1 + entry.length));
}

/** RFC 6962: the hash of two subtrees. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return sha256(pair);
}

/** The root of an empty tree. */
export const EMPTY_ROOT = sha256('');
