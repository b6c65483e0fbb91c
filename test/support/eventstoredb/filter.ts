import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { Recorded } from './log';
import { type Refusal, unforeseen } from './refusals';

export interface Filter {
  readonly passes: (event: Recorded) => boolean;
  /** Number of events scanned between two checkpoints. */
  readonly interval: number;
}

/** An empty window: the real server scans nothing, forever. */
export const looksAtNothing = (options: ReadReq.Options): boolean =>
  options.getFilter()?.getMax() === 0 && options.getFilter()!.hasMax();

/** The default window. */
const WINDOW = 32;

/** Parses the filter of a request; returns a refusal if its expression is invalid. */
export function filterOf(options: ReadReq.Options): Filter | Refusal | undefined {
  const wanted = options.getFilter();
  if (!wanted) return undefined;
  const onStream = wanted.getStreamIdentifier();
  const expression = onStream ?? wanted.getEventType();
  const interval = (wanted.hasMax() ? wanted.getMax() : WINDOW) * wanted.getCheckpointintervalmultiplier();
  const text = (event: Recorded) => (onStream ? event.stream : event.type);
  if (options.hasSubscription() && wanted.getCheckpointintervalmultiplier() === 0) return unforeseen();
  const source = expression?.getRegex() ?? '';
  if (source === '') {
    const prefixes = expression?.getPrefixList() ?? [];
    return { interval, passes: (event) => prefixes.some((prefix) => text(event).startsWith(prefix)) };
  }
  try {
    const pattern = new RegExp(source, 'u');
    return { interval, passes: (event) => pattern.test(text(event)) };
  } catch {
    return unforeseen();
  }
}
