import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash';
import { TILE_WIDTH } from './tiles';

/** A full tile, which never changes again. */
export interface FullTile {
  readonly level: number;
  readonly number: number;
  readonly hashes: Buffer;
}

interface Edge {
  readonly hashes: Buffer;
  count: number;
  /** Number of full tiles at this level. */
  full: number;
}

/** The right edge of a growing tree: the partial tile of each level. */
export class GrowingTree {
  private readonly edges: Edge[] = [];
  private leaves = 0;

  constructor(private readonly onFull: (tile: FullTile) => void) {}

  get size(): number {
    return this.leaves;
  }

  /** Resumes at a size. `partial` returns the hashes of the partial tile of a level. */
  resume(size: number, partial: (level: number, number: number, width: number) => Buffer): void {
    this.leaves = size;
    this.edges.length = 0;
    for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
      const edge = this.edge(level);
      edge.full = Math.floor(count / TILE_WIDTH);
      edge.count = count % TILE_WIDTH;
      if (edge.count > 0) partial(level, edge.full, edge.count).copy(edge.hashes);
    }
  }

  add(leaf: Uint8Array): void {
    this.leaves += 1;
    this.push(0, leaf);
  }

  root(): Buffer {
    let root: Buffer | undefined;
    for (const { hashes, count } of this.edges) root = rootOf(hashes, count, root);
    return root ?? EMPTY_ROOT;
  }

  /** A copy of the hashes in the partial tile of a level. */
  partial(level: number): Buffer {
    const { hashes, count } = this.edge(level);
    return Buffer.from(hashes.subarray(0, count * HASH_BYTES));
  }

  private push(level: number, hash: Uint8Array): void {
    const edge = this.edge(level);
    edge.hashes.set(hash, edge.count * HASH_BYTES);
    edge.count += 1;
    if (edge.count < TILE_WIDTH) return;
    const hashes = Buffer.from(edge.hashes);
    this.onFull({ level, number: edge.full, hashes });
    edge.count = 0;
    edge.full += 1;
    this.push(level + 1, perfectRoot(hashes, 0, TILE_WIDTH));
  }

  private edge(level: number): Edge {
    const edge = this.edges[level] ?? { hashes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), count: 0, full: 0 };
    this.edges[level] = edge;
    return edge;
  }
}

/** The root of `count` hashes with a smaller tree to their right; undefined if there is nothing at all. */
function rootOf(hashes: Buffer, count: number, right: Buffer | undefined): Buffer | undefined {
  let [root, end] = [right, count];
  for (let width = 1; width <= count; width *= 2) {
    if (Math.floor(count / width) % 2 === 0) continue;
    const left = perfectRoot(hashes, end - width, width);
    root = root === undefined ? left : nodeHash(left, root);
    end -= width;
  }
  return root;
}

/** The root of a power of two of hashes, starting at one of them. */
export function perfectRoot(hashes: Buffer, from: number, width: number): Buffer {
  const level = Buffer.from(hashes.subarray(from * HASH_BYTES, (from + width) * HASH_BYTES));
  const at = (index: number) => level.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  for (let count = width / 2; count >= 1; count /= 2) {
    for (let index = 0; index < count; index += 1) nodeHash(at(2 * index), at(2 * index + 1)).copy(at(index));
  }
  return Buffer.from(at(0));
}
