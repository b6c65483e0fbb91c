const FIRST = 1 << 12;

/** A set of integers up to 2^53 at sixteen bytes each: it holds millions where strings would not fit. */
export class Numbers {
  private slots = new Float64Array(FIRST).fill(-1);
  private size = 0;

  /** False if the number was already in the set. */
  add(number: number): boolean {
    const at = this.place(number);
    if (this.slots[at] === number) return false;
    this.slots[at] = number;
    this.size += 1;
    if (this.size * 2 > this.slots.length) this.grow();
    return true;
  }

  private place(number: number): number {
    const mask = this.slots.length - 1;
    const mixed = Math.imul((number % 0x100000000) ^ (number / 0x100000000), 0x9e3779b1);
    let at = (mixed >>> 4) & mask;
    while (this.slots[at] !== -1 && this.slots[at] !== number) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new Float64Array(before.length * 2).fill(-1);
    for (const number of before) if (number !== -1) this.slots[this.place(number)] = number;
  }
}
