/** Bits for each key and bits set by each: of keys never added, about one in two thousand is taken for one that was. */
const BITS_A_KEY = 16;
const PROBES = 6;
const FIRST_KEYS = 4_096;
const GROWTH = 4;
/** 128 MiB of bits: beyond that, keys are looked for in the file. */
const MOST_BITS = 2 ** 30;

/**
 * Which keys a table that began empty may hold: a Bloom filter, so it never says no to a key that was added. Most keys
 * that a fold asks for and does not find are those of rows it is about to write, and each would be looked for in vain.
 */
export class SeenKeys {
  private bits: Uint32Array;
  private added = 0;
  private readonly full: Uint32Array[] = [];

  /** @param bitsAKey a power of two; with twice as many, a tenth as many keys are taken for ones that were added */
  constructor(private readonly bitsAKey = BITS_A_KEY) {
    this.bits = new Uint32Array((FIRST_KEYS * bitsAKey) / 32);
  }

  /** True where the key was added before, or may have been. Adds it. */
  meet(key: string): boolean {
    const hash = hashOf(key);
    for (const bits of this.full) if (holds(bits, hash)) return true;
    const met = this.add(hash);
    if (!met) this.added += 1;
    if (this.added * this.bitsAKey >= this.bits.length * 32) this.grow();
    return met;
  }

  /** False where the filter has grown as large as it may: it then no longer pays. */
  get useful(): boolean {
    return this.bits.length * 32 <= MOST_BITS;
  }

  /** True where every bit of the key was set already. */
  private add(hash: number): boolean {
    const mask = this.bits.length * 32 - 1;
    const step = stepOf(hash);
    let met = true;
    for (let probe = 0, at = hash; probe < PROBES; probe++, at = (at + step) | 0) {
      const word = (at & mask) >>> 5;
      const bit = 1 << (at & 31);
      const held = this.bits[word]!;
      if ((held & bit) === 0) {
        met = false;
        this.bits[word] = held | bit;
      }
    }
    return met;
  }

  private grow(): void {
    this.full.push(this.bits);
    this.bits = new Uint32Array(this.bits.length * GROWTH);
    this.added = 0;
  }
}

function holds(bits: Uint32Array, hash: number): boolean {
  const mask = bits.length * 32 - 1;
  const step = stepOf(hash);
  for (let probe = 0, at = hash; probe < PROBES; probe++, at = (at + step) | 0) {
    if ((bits[(at & mask) >>> 5]! & (1 << (at & 31))) === 0) return false;
  }
  return true;
}

/** FNV-1a over the characters, its bits mixed at the end so that the low ones depend on all. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Odd, so that the probes of one key differ. */
function stepOf(hash: number): number {
  return Math.imul((hash >>> 15) | (hash << 17), 0x9e3779b1) | 1;
}
