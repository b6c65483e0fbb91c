import type { Intent } from './intent';

/** A complication during an act: a conflict with another writer, a repeated append, or an append of unknown outcome. */
export type Incident = 'conflict' | 'retry' | 'unknownOutcome';

/** Observes one act. */
export interface ActProbe {
  /** A step begins, and the previous one ends. Deciding includes reading the stream. */
  step(name: 'decide' | 'append'): void;
  met(incident: Incident): void;
  /** The act and its last step ended: with `done`, `repeated`, a refusal's code, or the name of an error. */
  ended(outcome: string): void;
}

/** Observes writes. It never throws and changes nothing; without a probe, nothing is timed. */
export interface WriteProbe {
  act(intent: Intent): ActProbe;
}
