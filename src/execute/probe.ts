import type { Intent } from './intent';

/** Trouble during an act: another writer came first, an append was repeated, or its outcome is unknown. */
export type Incident = 'conflict' | 'retry' | 'unknownOutcome';

/** What a probe learns of one act. */
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
