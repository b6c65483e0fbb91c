import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../domain/event';
import { type Appended, type ExpectedRevision, type Store, Unavailable, UnknownOutcome } from '../store/store';
import type { Deadline } from './deadline';
import type { ActProbe } from './probe';

/** How often an append is sent, in total, if it is not confirmed. */
const ATTEMPTS = 5;

interface Means {
  readonly store: Store;
  /** A number in [0, 1) that adds jitter to the retries of conflicting writers. */
  readonly random: () => number;
}

/** The context of one act. */
export interface Course {
  readonly watched: ActProbe | undefined;
  /** Undefined if the act has no time limit. */
  readonly deadline: Deadline | undefined;
}

/**
 * Repeats the identical append while its outcome is unknown, which store promise S2 makes safe. The error of a repeat
 * does not settle the first attempt: a store that is unreachable by now may have written it. Nothing is sent after the
 * deadline.
 */
export async function appendSurely(
  { store, random }: Means,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
  { watched, deadline }: Course,
): Promise<Appended> {
  if (deadline === undefined) return store.append(stream, expected, events);
  const { signal } = deadline;
  let doubt: UnknownOutcome | undefined;
  for (let attempt = 1; ; attempt++) {
    deadline.check();
    try {
      return await deadline.writing(store.append(stream, expected, events, { signal }));
    } catch (error) {
      if (error instanceof UnknownOutcome) doubt = error;
      else if (doubt === undefined || !(error instanceof Unavailable)) throw error;
      watched?.met('unknownOutcome');
      if (attempt === ATTEMPTS || signal.aborted) throw doubt;
      watched?.met('retry');
      await pause(2 ** attempt * 50 * (0.5 + random()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw doubt;
    }
  }
}
