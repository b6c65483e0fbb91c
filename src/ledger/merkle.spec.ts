import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMPTY_ROOT, leafHash, nodeHash } from './hash';
import {
  consistencyProof,
  inclusionProof,
  largestPowerBelow,
  type Nodes,
  subtreeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The definition of RFC 6962, word for word. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  const split = largestPowerBelow(leaves.length);
  return nodeHash(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

const MOST = 130;
const LEAVES = Array.from({ length: MOST }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const ROOTS = Array.from({ length: MOST + 1 }, (_, size) => definedRoot(LEAVES.slice(0, size)));
const nodes: Nodes = (height, index) => definedRoot(LEAVES.slice(index * 2 ** height, (index + 1) * 2 ** height));

describe('the tree of RFC 6962', () => {
  test('has the roots of the specification and of other programs', () => {
    expect(hex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(leafHash(Buffer.alloc(0)))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    const abc = ['a', 'b', 'c'].map((text) => leafHash(Buffer.from(text)));
    expect(hex(definedRoot(abc))).toBe('36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1');
  });

  test('is composed of complete subtrees as defined, up to 130 leaves', () => {
    for (let size = 1; size <= MOST; size += 1) expect(subtreeRoot(nodes, 0, size)).toEqual(ROOTS[size]);
  });
});

/** A modified copy of a proof for each possible modification. */
function spoiled(proof: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const flipped = proof.map((hash, at) =>
    proof.map((same, index) => (index === at ? Buffer.from(hash.map((byte, n) => (n === 7 ? byte ^ 4 : byte))) : same)),
  );
  return [...flipped, proof.slice(1), [...proof, LEAVES[0]!], proof.map((hash) => hash.subarray(1))];
}

describe('proofs of inclusion', () => {
  test('prove every leaf of every tree up to 130 leaves, and no other leaf', () => {
    for (let size = 1; size <= MOST; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(nodes, index, size);
        const proves = (at: number, of: number, leaf: Uint8Array) => verifyInclusion(at, of, leaf, proof, ROOTS[size]!);
        expect(proves(index, size, LEAVES[index]!)).toBe(true);
        expect(proves(index, size, LEAVES[(index + 1) % MOST]!)).toBe(false);
        expect(proves(index + 1, size, LEAVES[index]!)).toBe(false);
        expect(proves(index, index, LEAVES[index]!)).toBe(false);
      }
    }
  });

  test('prove nothing once modified, shortened or lengthened', () => {
    for (const [index, size] of [
      [0, 2],
      [6, 7],
      [77, 130],
      [129, 130],
    ] as const) {
      for (const proof of spoiled(inclusionProof(nodes, index, size))) {
        expect(verifyInclusion(index, size, LEAVES[index]!, proof, ROOTS[size]!)).toBe(false);
      }
    }
  });
});

describe('proofs of consistency', () => {
  test('prove every prefix of every tree up to 130 leaves, and no other', () => {
    for (let size2 = 1; size2 <= MOST; size2 += 1) {
      for (let size1 = 1; size1 <= size2; size1 += 1) {
        const proof = consistencyProof(nodes, size1, size2);
        expect(verifyConsistency(size1, size2, ROOTS[size1]!, ROOTS[size2]!, proof)).toBe(true);
        expect(verifyConsistency(size1, size2, ROOTS[size1 - 1]!, ROOTS[size2]!, proof)).toBe(false);
        expect(verifyConsistency(size2, size1, ROOTS[size2]!, ROOTS[size1]!, proof)).toBe(
          size1 === size2 && proof.length === 0,
        );
      }
    }
  });

  test('prove nothing once modified, shortened or lengthened', () => {
    for (const [size1, size2] of [
      [1, 2],
      [4, 7],
      [65, 130],
      [129, 130],
    ] as const) {
      for (const proof of spoiled(consistencyProof(nodes, size1, size2))) {
        expect(verifyConsistency(size1, size2, ROOTS[size1]!, ROOTS[size2]!, proof)).toBe(false);
      }
    }
  });

  test('prove nothing about an empty tree, which is a prefix of every other', () => {
    expect(verifyConsistency(0, 1, ROOTS[0]!, ROOTS[1]!, [])).toBe(false);
    expect(verifyConsistency(0, 0, ROOTS[0]!, ROOTS[0]!, [])).toBe(false);
  });
});

const VECTORS = readFileSync(join(__dirname, '..', '..', 'test', 'vectors', 'rfc6962-proofs.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t') as [string, string, string, string, string, string, string, string]);

describe('the public vectors', () => {
  test('are 196, of which 12 are to be accepted', () => {
    expect(VECTORS.length).toBe(196);
    expect(VECTORS.filter(([, verdict]) => verdict === 'accept').length).toBe(12);
  });

  test.each(VECTORS)('%s, %s: %s', (kind, verdict, _name, first, size, hash, root, proof) => {
    const hashes = proof === '-' ? [] : proof.split(',').map((each) => Buffer.from(each, 'base64'));
    const [given, expected] = [Buffer.from(hash, 'base64'), Buffer.from(root, 'base64')];
    const accepted =
      kind === 'inclusion'
        ? verifyInclusion(Number(first), Number(size), given, hashes, expected)
        : verifyConsistency(Number(first), Number(size), given, expected, hashes);
    expect(accepted ? 'accept' : 'reject').toBe(verdict);
  });
});
