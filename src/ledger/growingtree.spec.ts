import { GrowingTree, perfectRoot } from './growingtree';
import { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hash';
import { largestPowerBelow } from './merkle';

const LEAVES = Array.from({ length: 1_400 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));

function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  const split = largestPowerBelow(leaves.length);
  return nodeHash(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

describe('a growing tree', () => {
  test('has the root of the definition, and full tiles of all its leaves', () => {
    const full: string[] = [];
    const tree = new GrowingTree(({ level, number, hashes }) => full.push(`${level}/${number}/${hashes.length}`));
    expect(tree.root()).toEqual(EMPTY_ROOT);
    for (const [index, leaf] of LEAVES.entries()) {
      tree.add(leaf);
      const size = index + 1;
      if (size % 97 === 0 || size % 256 < 2) expect(tree.root()).toEqual(definedRoot(LEAVES.slice(0, size)));
    }
    expect(full).toEqual(['0/0/8192', '0/1/8192', '0/2/8192', '0/3/8192', '0/4/8192']);
    expect(tree.partial(0)).toEqual(Buffer.concat(LEAVES.slice(1_280)));
    expect(tree.partial(1).length).toBe(5 * HASH_BYTES);
  });

  test('resumes at any size as if it had never stopped', () => {
    const grown = new GrowingTree(() => undefined);
    for (const [index, leaf] of LEAVES.entries()) {
      if (index % 101 === 0) {
        const resumed = new GrowingTree(() => undefined);
        resumed.resume(index, (level) => grown.partial(level));
        for (const later of LEAVES.slice(index, index + 300)) resumed.add(later);
        expect(resumed.root()).toEqual(definedRoot(LEAVES.slice(0, index + 300)));
      }
      grown.add(leaf);
    }
  });

  test('computes the root of a part of a tile', () => {
    const hashes = Buffer.concat(LEAVES.slice(0, 16));
    expect(perfectRoot(hashes, 8, 4)).toEqual(definedRoot(LEAVES.slice(8, 12)));
    expect(perfectRoot(hashes, 3, 1)).toEqual(LEAVES[3]);
  });
});
