import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 50;

/** Reads again and again until it is so: for what happens beside the test, and is told by nobody. */
export async function until<T>(read: () => Promise<T>, isSo: (read: T) => boolean, seconds = 60): Promise<T> {
  for (let left = (seconds * 1_000) / EVERY_MS; left > 0; left -= 1) {
    const found = await read();
    if (isSo(found)) return found;
    await pause(EVERY_MS);
  }
  throw new Error(`it did not become so within ${seconds} s`);
}
