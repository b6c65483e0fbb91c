import { randomUUID } from 'node:crypto';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { Conflict } from '../../src/store/store';
import { events } from './given';

/**
 * A process that appends to an event file: `FILE WRITERS APPENDS [STREAM…]`. Each writer appends one to three events at
 * a time, to its own new stream or to one of the given ones, and prints each acknowledged append as a line: `stream
 * revision position id…`. With 0 appends it runs until it is killed.
 */
const [file = '', writers = '1', appends = '0', ...shared] = process.argv.slice(2);
const store = openSqliteStore(file);

async function write(stream: string): Promise<void> {
  let expected: number | 'none' = 'none';
  for (let done = 0; appends === '0' || done < Number(appends); ) {
    const batch = events(1 + (done % 3));
    try {
      const { revision, position } = await store.append(stream, expected, batch);
      process.stdout.write(`${[stream, revision, position, ...batch.map(({ id }) => id)].join(' ')}\n`);
      expected = revision;
      done += 1;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      expected = error.actual;
    }
  }
}

async function main(): Promise<void> {
  const streams = Array.from({ length: Number(writers) }, (_, index) => shared[index] ?? `asset-${randomUUID()}`);
  await Promise.all(streams.map(write));
  await store.close();
}

void main();
