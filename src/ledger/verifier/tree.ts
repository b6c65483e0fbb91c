import { concat, eightBytes, fromHex, type Host, hex, same, utf8 } from './bytes';

/** RFC 6962 and the map of the ends of streams, as a verifier needs them. */
export class Trees {
  constructor(private readonly host: Host) {}

  leaf(entry: Uint8Array): Uint8Array {
    return this.host.sha256(concat(Uint8Array.of(0), entry));
  }

  node(left: Uint8Array, right: Uint8Array): Uint8Array {
    return this.host.sha256(concat(Uint8Array.of(1), left, right));
  }

  /** The root that a proof of inclusion leads to; undefined where it leads nowhere. */
  rootOf(index: number, size: number, leaf: Uint8Array, proof: readonly Uint8Array[]): Uint8Array | undefined {
    if (!(index >= 0 && index < size)) return undefined;
    let [at, last, hash] = [index, size - 1, leaf];
    for (const sibling of proof) {
      if (last === 0 || sibling.length !== 32) return undefined;
      if (at % 2 === 1 || at === last) {
        hash = this.node(sibling, hash);
        while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
      } else hash = this.node(hash, sibling);
      [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    }
    return last === 0 ? hash : undefined;
  }

  /** Whether one tree is the beginning of another. */
  isBeginning(
    first: { readonly size: number; readonly root: Uint8Array },
    second: { readonly size: number; readonly root: Uint8Array },
    proof: readonly Uint8Array[],
  ): boolean {
    if (first.size > second.size || proof.some(({ length }) => length !== 32)) return false;
    if (first.size === 0) return proof.length === 0;
    if (first.size === second.size) return proof.length === 0 && same(first.root, second.root);
    const path = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : [...proof];
    const start = path.shift();
    if (start === undefined || proof.length === 0) return false;
    let [at, last] = [first.size - 1, second.size - 1];
    while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)];
    let [one, two] = [start, start];
    for (const sibling of path) {
      if (last === 0) return false;
      if (at % 2 === 1 || at === last) {
        [one, two] = [this.node(sibling, one), this.node(sibling, two)];
        while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
      } else two = this.node(two, sibling);
      [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    }
    return last === 0 && same(one, first.root) && same(two, second.root);
  }

  /** The root of a tree whose first `from` entries are given as complete subtrees, the largest first, and the rest one by one. */
  rootFrom(from: number, subtrees: readonly Uint8Array[], leaves: readonly Uint8Array[]): Uint8Array | undefined {
    const stack: { readonly size: number; readonly hash: Uint8Array }[] = [];
    let rest = from;
    for (const hash of subtrees) {
      const size = rest === 0 ? 0 : 2 ** Math.floor(Math.log2(rest));
      if (size === 0) return undefined;
      stack.push({ size, hash });
      rest -= size;
    }
    if (rest !== 0) return undefined;
    for (const leaf of leaves) {
      let top = { size: 1, hash: leaf };
      for (let left = stack.at(-1); left !== undefined && left.size === top.size; left = stack.at(-1)) {
        stack.pop();
        top = { size: left.size * 2, hash: this.node(left.hash, top.hash) };
      }
      stack.push(top);
    }
    let root = stack.pop()?.hash;
    for (let left = stack.pop(); left !== undefined && root !== undefined; left = stack.pop()) {
      root = this.node(left.hash, root);
    }
    return root ?? this.host.sha256(new Uint8Array());
  }

  /**
   * What a proof about the end of a stream says under a root: where it ends, that it has no event (null), or nothing
   * (undefined).
   */
  endOf(
    stream: string,
    proof: HeadFile,
    root: string,
  ): { readonly revision: number; readonly leaf: string } | null | undefined {
    const key = this.host.sha256(utf8(stream));
    let expected = root;
    if (proof.nodes.length === 0) return undefined;
    for (const [depth, branches] of proof.nodes.entries()) {
      if (branches.length !== 16) return undefined;
      const hashes = branches.map((branch) => (branch === '' ? new Uint8Array(32) : fromHex(branch)));
      if (hex(this.host.sha256(concat(Uint8Array.of(1), ...hashes))) !== expected) return undefined;
      expected = hex(hashes[nibble(key, depth)]!);
    }
    const { end } = proof;
    if (end === undefined) return /^0{64}$/.test(expected) ? null : undefined;
    const bytes = concat(Uint8Array.of(0), fromHex(end.key), eightBytes(end.revision), fromHex(end.leaf));
    if (hex(this.host.sha256(bytes)) !== expected) return undefined;
    if (end.key === hex(key)) return end;
    const there = fromHex(end.key);
    return proof.nodes.every((_, depth) => nibble(there, depth) === nibble(key, depth)) ? null : undefined;
  }
}

/** `heads/<stream>.json`. Hashes are hexadecimal; an empty text is a branch without anything. */
export interface HeadFile {
  readonly stream: string;
  readonly nodes: readonly (readonly string[])[];
  readonly end?: { readonly key: string; readonly revision: number; readonly leaf: string };
}

function nibble(key: Uint8Array, depth: number): number {
  const byte = key[Math.floor(depth / 2)]!;
  return depth % 2 === 0 ? Math.floor(byte / 16) : byte % 16;
}
