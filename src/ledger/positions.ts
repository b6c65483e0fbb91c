import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { positionOf } from '../store/instant';

const WIDTH = 8;

/**
 * The position in this store of each event in the tree: eight bytes per event, in order. Rebuilt from the log if it is
 * wrong.
 */
export class Positions {
  constructor(private readonly file: string) {}

  /** The number of positions; 0 if there is no file. */
  count(): number {
    return this.reading((file) => Math.floor(fstatSync(file).size / WIDTH)) ?? 0;
  }

  at(ordinal: number): string | undefined {
    return this.reading((file) => read(file, ordinal));
  }

  /** All positions, in order. */
  all(): readonly string[] {
    return (
      this.reading((file) => {
        const bytes = Buffer.alloc(fstatSync(file).size - (fstatSync(file).size % WIDTH));
        readSync(file, bytes, 0, bytes.length, 0);
        const count = bytes.length / WIDTH;
        return Array.from({ length: count }, (_, at) => positionOf(Number(bytes.readBigUInt64BE(at * WIDTH))));
      }) ?? []
    );
  }

  /** The ordinal of the event at a position; undefined if it is not among the first `count`. */
  ordinalOf(position: string, count: number): number | undefined {
    return this.reading((file) => {
      let [low, high] = [0, count];
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const there = read(file, middle);
        if (there === undefined) return undefined;
        if (there === position) return middle;
        if (there < position) low = middle + 1;
        else high = middle;
      }
      return undefined;
    });
  }

  /** Writes after the first `ordinal` positions and truncates whatever followed. */
  async write(ordinal: number, positions: readonly string[]): Promise<void> {
    const bytes = Buffer.alloc(positions.length * WIDTH);
    for (const [index, position] of positions.entries()) bytes.writeBigUInt64BE(BigInt(position), index * WIDTH);
    const file = await open(this.file, 'a+').then((made) => made.close().then(() => open(this.file, 'r+')));
    try {
      await file.truncate(ordinal * WIDTH);
      await file.write(bytes, 0, bytes.length, ordinal * WIDTH);
    } finally {
      await file.close();
    }
  }

  private reading<T>(body: (file: number) => T): T | undefined {
    let file: number;
    try {
      file = openSync(this.file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return body(file);
    } finally {
      closeSync(file);
    }
  }
}

function read(file: number, ordinal: number): string | undefined {
  const bytes = Buffer.alloc(WIDTH);
  if (readSync(file, bytes, 0, WIDTH, ordinal * WIDTH) < WIDTH) return undefined;
  return positionOf(Number(bytes.readBigUInt64BE()));
}
