/**
 * A map that keeps the entries used last and forgets the others: at most `capacity`, and always the half of that used last,
 * those that were deleted among them.
 *
 * A hit changes nothing where the entry was used lately. Moving every entry to the end at every use, as one map would
 * need it, makes V8 lay the map's table out anew time and again, and each table it leaves holds the next: once one of
 * them is old, all that follow become old with it, and a tenth of the processor went into moving them there.
 */
export class Recent<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();

  constructor(readonly capacity: number) {}

  get(key: K): V | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const value = this.old.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.old.delete(key);
    this.young.set(key, value);
    if (this.young.size < this.capacity / 2) return;
    this.old = this.young;
    this.young = new Map();
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  get size(): number {
    return this.young.size + this.old.size;
  }
}
