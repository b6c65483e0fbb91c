import type { LedgerDirectory } from './directory';
import { leafHash } from './hash';
import type { EventRecord, HeadsRecord } from './record';
import { TILE_WIDTH } from './tiles';

/** The entries of a tree of one size. A bundle is read once for consecutive entries. */
export class Entries {
  private number = -1;
  private bundle: readonly Buffer[] = [];

  constructor(
    private readonly directory: LedgerDirectory,
    readonly size: number,
  ) {}

  /** Throws LedgerDamaged if it cannot be read, RangeError if it is outside the tree. */
  at(index: number): Buffer {
    if (!(index >= 0 && index < this.size)) throw new RangeError(`a tree of ${this.size} has no entry ${index}`);
    const number = Math.floor(index / TILE_WIDTH);
    if (number !== this.number) {
      this.bundle = this.directory.entries(number, Math.min(TILE_WIDTH, this.size - number * TILE_WIDTH));
      this.number = number;
    }
    return this.bundle[index - number * TILE_WIDTH]!;
  }

  record(index: number): EventRecord | HeadsRecord {
    return JSON.parse(this.at(index).toString('utf8'));
  }

  leaf(index: number): Buffer {
    return leafHash(this.at(index));
  }

  /** Entries with their indexes, `to` excluded. */
  *between(from: number, to: number): Generator<readonly [index: number, entry: Buffer]> {
    for (let index = from; index < to; index += 1) yield [index, this.at(index)];
  }
}
