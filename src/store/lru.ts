/**
 * A map that keeps the entries used last and forgets the others: at most `capacity`, and always the half of that used last,
 * those that were deleted among them. Each entry counts as 1, or as what `weigh` says; an entry that weighs more than half
 * of the capacity is not kept at all. What an entry weighs must not change.
 *
 * A hit changes nothing where the entry was used lately. Moving every entry to the end at every use, as one map would
 * need it, makes V8 lay the map's table out anew time and again, and each table it leaves holds the next: once one of
 * them is old, all that follow become old with it, and a tenth of the processor went into moving them there.
 */
export class Recent<K, V> {
  private young = new Map<K, V>();
  private youngWeight = 0;
  private old = new Map<K, V>();

  constructor(
    readonly capacity: number,
    private readonly weigh: (value: V) => number = () => 1,
  ) {}

  get(key: K): V | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const value = this.old.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    const weight = this.weigh(value);
    const half = this.capacity / 2;
    this.delete(key);
    if (weight > Math.max(1, half)) return;
    if (this.youngWeight + weight > half) this.rotate();
    this.young.set(key, value);
    this.youngWeight += weight;
    if (this.youngWeight >= half) this.rotate();
  }

  delete(key: K): void {
    const young = this.young.get(key);
    if (young !== undefined) this.youngWeight -= this.weigh(young);
    this.young.delete(key);
    this.old.delete(key);
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  private rotate(): void {
    if (this.youngWeight === 0) return;
    this.old = this.young;
    this.young = new Map();
    this.youngWeight = 0;
  }
}
