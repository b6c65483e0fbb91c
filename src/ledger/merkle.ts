import { HASH_BYTES, nodeHash } from './hash';

/**
 * Proofs of RFC 6962 / RFC 9162 as a verifier sees them. Sizes and indexes exceed 32 bits, so bitwise operators, which
 * truncate, are not used.
 */

const isOdd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every(({ length }) => length === HASH_BYTES);
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether a leaf is at an index of the tree with this size and root. */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(hash, root);
}

/**
 * Whether the first tree is a prefix of the second. Nothing can be proved about an empty first tree, so it is refused.
 */
export function verifyConsistency(
  size1: number,
  size2: number,
  root1: Uint8Array,
  root2: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(size1) || !isSize(size2) || size1 === 0 || size1 > size2) return false;
  if (size1 === size2) return proof.length === 0 && same(root1, root2);
  if (proof.length === 0 || !areHashes([root1, root2, ...proof])) return false;
  const [first, ...rest] = isPowerOfTwo(size1) ? [root1, ...proof] : proof;
  let [place, last] = [size1 - 1, size2 - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [hash1, hash2] = [first!, first!];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash1 = nodeHash(sibling, hash1);
      hash2 = nodeHash(sibling, hash2);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash2 = nodeHash(hash2, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(hash1, root1) && same(hash2, root2);
}

function isPowerOfTwo(n: number): boolean {
  return n >= 1 && 2 ** Math.round(Math.log2(n)) === n;
}

/** Returns the hash of a complete subtree: of `2 ** height` leaves, starting at `index * 2 ** height`. */
export type Nodes = (height: number, index: number) => Uint8Array;

/** The root of the leaves `from` to `to` (exclusive); a subtree of the tree starts at `from`. */
export function subtreeRoot(nodes: Nodes, from: number, to: number): Uint8Array {
  const leaves = to - from;
  const height = Math.ceil(Math.log2(leaves));
  if (2 ** height === leaves) return nodes(height, from / leaves);
  const split = from + largestPowerBelow(leaves);
  return nodeHash(Buffer.from(subtreeRoot(nodes, from, split)), subtreeRoot(nodes, split, to));
}

/** The hashes from the sibling of the leaf up to the child of the root. */
export function inclusionProof(nodes: Nodes, index: number, size: number): readonly Uint8Array[] {
  const proof: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const split = from + largestPowerBelow(to - from);
    if (index < split) {
      proof.push(subtreeRoot(nodes, split, to));
      to = split;
    } else {
      proof.push(subtreeRoot(nodes, from, split));
      from = split;
    }
  }
  return proof.reverse();
}

/** Proves that the tree of the first `size1` leaves is a prefix of the tree of `size2`; `size1` is at least 1. */
export function consistencyProof(nodes: Nodes, size1: number, size2: number): readonly Uint8Array[] {
  const proof: Uint8Array[] = [];
  let [from, to] = [0, size2];
  while (size1 < to) {
    const split = from + largestPowerBelow(to - from);
    if (size1 <= split) {
      proof.push(subtreeRoot(nodes, split, to));
      to = split;
    } else {
      proof.push(subtreeRoot(nodes, from, split));
      from = split;
    }
  }
  // The verifier already has the first root if that tree is one of the subtrees.
  if (from > 0) proof.push(subtreeRoot(nodes, from, to));
  return proof.reverse();
}

/** The largest power of two below a number of at least 2. */
export function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
