import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../../src/domain/event';
import { type Appended, Conflict, type ExpectedRevision, type Store } from '../../src/store/store';

/** With a pause in between, enough for a server to be killed and restarted. */
const ATTEMPTS = 2_000;
const PAUSE_MS = 20;

/** Repeats work until it succeeds; an error for which `final` is true ends it. */
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

/** Like `execute`: repeats the identical append until its outcome is known. */
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

/** The time that a server is silent. */
export const silence = (milliseconds: number): Promise<void> => pause(milliseconds);
