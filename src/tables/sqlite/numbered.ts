import { hashOf } from '../seen';

const FIRST_SLOTS = 8_192;
/** 128 MiB: some eleven million rows. */
const MOST_SLOTS = 2 ** 24;
/** Of all slots, how many may be taken before they are doubled. */
const LOAD = 0.7;

/**
 * The row number of every key of a table that is being filled, so that the table needs no index yet. Open addressing
 * over the hashes of the keys: a number found may be another key's, so whoever asks looks at the row. A key whose row
 * went and came back has two numbers, of which one leads to no row.
 */
export class NumberedKeys {
  private hashes = new Int32Array(FIRST_SLOTS);
  /** 0 where a slot is free: rows are numbered from 1 on. */
  private numbers = new Uint32Array(FIRST_SLOTS);
  private taken = 0;

  /** False where there are so many that an index in the file is better. There is room for some millions more until it is there. */
  get useful(): boolean {
    return this.numbers.length < MOST_SLOTS || this.taken < MOST_SLOTS * LOAD;
  }

  add(key: string, number: number): void {
    if (this.taken >= this.numbers.length * LOAD && this.numbers.length < MOST_SLOTS) this.grow();
    this.put(hashOf(key), number);
  }

  /** The first answer that a number of this key leads to. */
  find<T>(key: string, answer: (number: number) => T | undefined): T | undefined {
    const { hashes, numbers } = this;
    const hash = hashOf(key);
    const mask = numbers.length - 1;
    for (let at = hash & mask; numbers[at] !== 0; at = (at + 1) & mask) {
      if (hashes[at] !== hash) continue;
      const found = answer(numbers[at]!);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private put(hash: number, number: number): void {
    const { hashes, numbers } = this;
    const mask = numbers.length - 1;
    let at = hash & mask;
    while (numbers[at] !== 0) at = (at + 1) & mask;
    hashes[at] = hash;
    numbers[at] = number;
    this.taken += 1;
  }

  private grow(): void {
    const { hashes, numbers } = this;
    this.hashes = new Int32Array(numbers.length * 2);
    this.numbers = new Uint32Array(numbers.length * 2);
    this.taken = 0;
    for (let at = 0; at < numbers.length; at++) if (numbers[at] !== 0) this.put(hashes[at]!, numbers[at]!);
  }
}
