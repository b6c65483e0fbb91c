import type { RecordedEvent } from '../domain/event';
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

/**
 * Watches writing and folding from outside. Where nobody watches, nothing is timed and nothing is made. A probe never
 * throws and changes nothing.
 */
export interface Probe {
  act(intent: Intent): ActProbe;
  /** A batch of events was folded and can be read. Times are milliseconds since 1970. */
  folded(events: readonly RecordedEvent[], began: number, ended: number): void;
}
