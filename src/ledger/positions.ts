import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { positionOf } from '../store/instant';

const WIDTH = 8;

/** Where each event of the tree is in this store: eight bytes an event, in order. Rebuilt from the log where it is wrong. */
export class Positions {
  constructor(private readonly file: string) {}

  /** How many there are; 0 where there is no file. */
  count(): number {
    return this.reading((file) => Math.floor(fstatSync(file).size / WIDTH)) ?? 0;
  }

  at(ordinal: number): string | undefined {
    return this.reading((file) => read(file, ordinal));
  }

  /** The event at a position; undefined where none of the first `count` is. */
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

  /** Behind the first `ordinal`; what was there is overwritten, and nothing stays behind it. */
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
