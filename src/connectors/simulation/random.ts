/** Reproducible random numbers: a small generator (mulberry32), seeded by a number and a purpose. */
export class Random {
  private state: number;

  constructor(seed: number, purpose: number) {
    // Similar purposes must not give similar sequences, so seed and purpose are hashed before they are combined.
    this.state = stirred(stirred(seed) ^ Math.imul(purpose + 1, 0x9e3779b1));
  }

  /** An integer from 0 to 2^32 - 1. */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    return stirred(this.state);
  }

  /** A number in [0, 1). */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** An integer from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)]!;
  }

  /** An index drawn in proportion to these weights. */
  weighted(weights: readonly number[]): number {
    let left = this.next() * weights.reduce((sum, weight) => sum + weight, 0);
    for (let index = 0; index < weights.length - 1; index += 1) {
      left -= weights[index]!;
      if (left < 0) return index;
    }
    return weights.length - 1;
  }

  /** A number of hexadecimal digits, which must be a multiple of eight. */
  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.bits().toString(16).padStart(8, '0');
    return text;
  }
}

function stirred(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}
