import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../../src/domain/event';
import { type Appended, Conflict, type ExpectedRevision, type Store } from '../../src/store/store';

/** With a pause between them, long enough for a server to be killed and to come back. */
const ATTEMPTS = 2_000;
const PAUSE_MS = 20;

/** Does something until it goes well; an error that `final` knows ends it. */
export async function again<T>(work: () => Promise<T>, final: (error: unknown) => boolean = () => false): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (final(error) || attempt === ATTEMPTS) throw error;
      await pause(PAUSE_MS);
    }
  }
}

/** What `execute` does: the identical append, until somebody says what became of it. */
export function surely(
  store: Store,
  stream: string,
  expected: ExpectedRevision,
  batch: readonly NewEvent[],
): Promise<Appended> {
  return again(
    () => store.append(stream, expected, batch),
    (error) => error instanceof Conflict,
  );
}

/** The time that a server is said nothing of. */
export const silence = (milliseconds: number): Promise<void> => pause(milliseconds);
