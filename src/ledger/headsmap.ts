import { HASH_BYTES, sha256 } from './hash';

/**
 * Where each stream ends: a 16-ary tree that maps the SHA-256 of a stream's name to its last revision and the leaf hash of
 * its last event. The root depends on the content only, not on the order of insertion. A stream is attached at the
 * shortest prefix of its hash that no other stream shares, so an empty branch proves that a stream is absent.
 *
 *   end of a stream  SHA-256(0x00 ‖ hash of its name ‖ revision, 8 bytes ‖ leaf hash)
 *   node             SHA-256(0x01 ‖ sixteen hashes of 32 bytes, zeros where there is nothing)
 */

export const BRANCHES = 16;
const NODE_BYTES = BRANCHES * HASH_BYTES;

export interface StreamEnd {
  /** SHA-256 of the stream's name. */
  readonly key: Buffer;
  readonly revision: number;
  readonly leaf: Buffer;
}

export const keyOfStream = (stream: string): Buffer => sha256(stream);

export function endHash({ key, revision, leaf }: StreamEnd): Buffer {
  const bytes = Buffer.alloc(1 + HASH_BYTES + 8 + HASH_BYTES);
  key.copy(bytes, 1);
  bytes.writeBigUInt64BE(BigInt(revision), 1 + HASH_BYTES);
  leaf.copy(bytes, 1 + HASH_BYTES + 8);
  return sha256(bytes);
}

/** The branch of a key at a depth. */
export function branchOf(key: Uint8Array, depth: number): number {
  const byte = key[depth >> 1]!;
  return depth % 2 === 0 ? byte >> 4 : byte & 15;
}

/** The nodes from the root towards a stream, and what they end at: its own end, another stream's, or nothing. */
export interface HeadProof {
  readonly nodes: readonly (readonly Buffer[])[];
  readonly end: StreamEnd | undefined;
}

/** Numbers and hashes are in flat arrays: a million streams take some 140 MB instead of 500. */
export class HeadsMap {
  private nodes = 1;
  private ends = 0;
  /** The branches of each node: 0 for nothing, n for node n, -n for the end n-1. */
  private branches = new Int32Array(BRANCHES * 64);
  private nodeHashes: Buffer = Buffer.alloc(HASH_BYTES * 64);
  private clean = new Uint8Array(64);
  private keys: Buffer = Buffer.alloc(HASH_BYTES * 64);
  private leaves: Buffer = Buffer.alloc(HASH_BYTES * 64);
  private endHashes: Buffer = Buffer.alloc(HASH_BYTES * 64);
  private revisions = new Float64Array(64);
  private readonly scratch = Buffer.alloc(1 + NODE_BYTES, 0x01);

  get size(): number {
    return this.ends;
  }

  /** The end of a stream; undefined if it has no event. */
  get(key: Buffer): StreamEnd | undefined {
    const { end } = this.find(key);
    return end !== undefined && this.isKey(end, key) ? this.endAt(end) : undefined;
  }

  set({ key, revision, leaf }: StreamEnd): void {
    const found = this.find(key);
    for (const node of found.path) this.clean[node] = 0;
    if (found.end !== undefined && this.isKey(found.end, key)) {
      this.put(found.end, revision, leaf);
      return;
    }
    const added = this.addEnd(key);
    this.put(added, revision, leaf);
    const { end } = found;
    let [node, depth] = [found.path.at(-1)!, found.path.length - 1];
    if (end === undefined) {
      this.branches[node * BRANCHES + branchOf(key, depth)] = -(added + 1);
      return;
    }
    // Both streams move down to where their hashes differ.
    const other = Buffer.from(this.keyAt(end));
    for (; branchOf(other, depth) === branchOf(key, depth); depth += 1) {
      const below = this.addNode();
      this.branches[node * BRANCHES + branchOf(key, depth)] = below;
      node = below;
    }
    this.branches[node * BRANCHES + branchOf(key, depth)] = -(added + 1);
    this.branches[node * BRANCHES + branchOf(other, depth)] = -(end + 1);
  }

  root(): Buffer {
    return Buffer.from(this.hashOf(0));
  }

  prove(key: Buffer): HeadProof {
    const { path, end } = this.find(key);
    this.hashOf(0);
    const nodes = path.map((node) => Array.from({ length: BRANCHES }, (_, branch) => this.branchHash(node, branch)));
    return { nodes, end: end === undefined ? undefined : this.endAt(end) };
  }

  /** Every end, in the order in which the streams began. */
  *all(): Generator<StreamEnd> {
    for (let end = 0; end < this.ends; end += 1) yield this.endAt(end);
  }

  private find(key: Buffer): { readonly path: number[]; readonly end: number | undefined } {
    const path: number[] = [0];
    for (let node = 0, depth = 0; ; depth += 1) {
      const branch = this.branches[node * BRANCHES + branchOf(key, depth)]!;
      if (branch <= 0) return { path, end: branch === 0 ? undefined : -branch - 1 };
      node = branch;
      path.push(node);
    }
  }

  private hashOf(node: number): Buffer {
    if (this.clean[node] === 0) {
      // Child nodes are hashed first, because the scratch buffer is shared.
      for (let branch = 0; branch < BRANCHES; branch += 1) {
        const below = this.branches[node * BRANCHES + branch]!;
        if (below > 0) this.hashOf(below);
      }
      for (let branch = 0; branch < BRANCHES; branch += 1) {
        this.branchHash(node, branch).copy(this.scratch, 1 + branch * HASH_BYTES);
      }
      sha256(this.scratch).copy(this.nodeHashes, node * HASH_BYTES);
      this.clean[node] = 1;
    }
    return hashAt(this.nodeHashes, node);
  }

  private branchHash(node: number, branch: number): Buffer {
    const below = this.branches[node * BRANCHES + branch]!;
    if (below === 0) return NOTHING;
    return below > 0 ? this.hashOf(below) : hashAt(this.endHashes, -below - 1);
  }

  private keyAt(end: number): Buffer {
    return hashAt(this.keys, end);
  }

  private isKey(end: number, key: Buffer): boolean {
    return this.keyAt(end).equals(key);
  }

  private endAt(end: number): StreamEnd {
    const [key, leaf] = [Buffer.from(this.keyAt(end)), Buffer.from(hashAt(this.leaves, end))];
    return { key, revision: this.revisions[end]!, leaf };
  }

  private put(end: number, revision: number, leaf: Buffer): void {
    this.revisions[end] = revision;
    leaf.copy(this.leaves, end * HASH_BYTES);
    endHash({ key: this.keyAt(end), revision, leaf }).copy(this.endHashes, end * HASH_BYTES);
  }

  private addEnd(key: Buffer): number {
    const end = this.ends;
    if (end === this.revisions.length) {
      this.keys = doubled(this.keys);
      this.leaves = doubled(this.leaves);
      this.endHashes = doubled(this.endHashes);
      const revisions = new Float64Array(end * 2);
      revisions.set(this.revisions);
      this.revisions = revisions;
    }
    key.copy(this.keys, end * HASH_BYTES);
    this.ends += 1;
    return end;
  }

  private addNode(): number {
    const node = this.nodes;
    if (node === this.clean.length) {
      this.nodeHashes = doubled(this.nodeHashes);
      const clean = new Uint8Array(node * 2);
      clean.set(this.clean);
      this.clean = clean;
      const branches = new Int32Array(node * 2 * BRANCHES);
      branches.set(this.branches);
      this.branches = branches;
    }
    this.nodes += 1;
    return node;
  }
}

const NOTHING = Buffer.alloc(HASH_BYTES);

const hashAt = (hashes: Buffer, index: number): Buffer => hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);

function doubled(bytes: Buffer): Buffer {
  const more = Buffer.alloc(bytes.length * 2);
  bytes.copy(more);
  return more;
}

/**
 * Whether a proof shows, under this root, that a stream ends as stated (`end`) or has no event (`absent`); undefined if
 * it proves nothing.
 */
export function verifyHead(key: Buffer, proof: HeadProof, root: Buffer): 'end' | 'absent' | undefined {
  let expected: Buffer = root;
  for (const [depth, branches] of proof.nodes.entries()) {
    if (branches.length !== BRANCHES || branches.some(({ length }) => length !== HASH_BYTES)) return undefined;
    if (!sha256(Buffer.concat([Buffer.of(0x01), ...branches])).equals(expected)) return undefined;
    expected = branches[branchOf(key, depth)]!;
  }
  if (proof.nodes.length === 0) return undefined;
  const { end } = proof;
  if (end === undefined) return expected.equals(NOTHING) ? 'absent' : undefined;
  if (!endHash(end).equals(expected)) return undefined;
  if (end.key.equals(key)) return 'end';
  // Another stream is in this one's place, which is possible only if both hashes share this prefix.
  for (let depth = 0; depth < proof.nodes.length; depth += 1) {
    if (branchOf(end.key, depth) !== branchOf(key, depth)) return undefined;
  }
  return 'absent';
}
