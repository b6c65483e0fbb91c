import type { Intent } from './intent';

/** Trouble an act met on its way: another writer came first, an append was repeated, nobody could say whether it was written. */
export type Incident = 'conflict' | 'retry' | 'unknownOutcome';

/** What is told of one act. */
export interface ActProbe {
  /** A step begins, and the one before it is over. Deciding includes reading the stream. */
  step(name: 'decide' | 'append'): void;
  met(incident: Incident): void;
  /** The act, and its last step, is over: `done`, `repeated`, a refusal's code, or the name of the error it ended with. */
  ended(outcome: string): void;
}

/** Watches writing from outside. It never throws and changes nothing; without a probe, nothing is timed. */
export interface WriteProbe {
  act(intent: Intent): ActProbe;
}
