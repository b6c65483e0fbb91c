import { setTimeout as pause } from 'node:timers/promises';
import { meaningOf, readError } from './meaning';

const ATTEMPTS = 3;
const RETRY_MS = 100;

/** Reads are always safe to repeat, so a node that just went away or handed over leadership is asked once more. */
export async function ask<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const meaning = meaningOf(error);
      const again = meaning === 'moved' || ((meaning === 'away' || meaning === 'late') && attempt === 1);
      if (!again || attempt === ATTEMPTS) throw readError(error);
      await pause(RETRY_MS * (0.5 + Math.random()));
    }
  }
}
