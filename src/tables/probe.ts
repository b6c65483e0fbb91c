import type { RecordedEvent } from '../domain/event';

/** Watches folding from outside. It never throws and changes nothing. */
export interface FoldProbe {
  /** A batch of events was folded and can be read. Times are milliseconds since 1970. */
  folded(events: readonly RecordedEvent[], began: number, ended: number): void;
}
