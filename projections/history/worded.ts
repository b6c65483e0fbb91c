import type { EventNamed, EventType } from '../../src/domain/catalogue';
import type { HistoryRow } from './tables';

/** The part of an event that its sentence needs. */
export type Kept = Partial<{
  readonly [C in 'version' | 'word' | 'extra' | 'campaign' | 'text']: NonNullable<HistoryRow[C]>;
}>;

export interface Told {
  /** Who did it, and for whom. */
  readonly who: string;
  readonly version: string;
  readonly campaign: string;
  readonly word: string;
  readonly extra: string;
  readonly text: string;
  /** The name of the person whose id one of the two words is. */
  readonly named: (word: 'word' | 'extra') => string;
}

/** How one type of event is worded: what its row keeps of the data, and the sentence that is made of it. */
export interface Worded<T extends EventType> {
  readonly keeps: (data: EventNamed<T>['data']) => Kept;
  readonly says: (told: Told) => string;
}

export function quoted(text: string): string {
  return text === '' ? '' : `: “${text}”`;
}
