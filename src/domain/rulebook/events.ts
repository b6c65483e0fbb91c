import { act, type EventsIn, eventsOf } from '../definition';
import type { Scope } from '../scope';
import type { PeopleList, RulebookEntry } from './parts';

/** Everything that can happen to a rulebook. */
export const RULEBOOK_EVENTS = eventsOf('rulebook', {
  RulebookRevised: act<{
    /** Counted from 1. */
    readonly number: number;
    readonly entries: readonly RulebookEntry[];
    readonly roles?: readonly PeopleList[];
    readonly groups?: readonly PeopleList[];
    readonly editors?: readonly string[];
    readonly note?: string;
  }>(
    'The rules were laid down anew: what applies to which assets, who is in which role and group, who may change them.',
  ),
  SubstituteNamed: act<{
    readonly substitution: string;
    readonly person: string;
    readonly substitute: string;
    /** In force from one instant, included, to the other, excluded. */
    readonly from: string;
    readonly until: string;
    readonly scope?: Scope;
  }>('Somebody decides instead of a person for a while.'),
  SubstitutionEnded: act<{
    readonly substitution: string;
    readonly person: string;
    readonly substitute: string;
  }>('Somebody no longer decides instead of a person.'),
});

export type RulebookEvent = EventsIn<typeof RULEBOOK_EVENTS>;
export type RulebookEventNamed<T extends RulebookEvent['type']> = Extract<RulebookEvent, { readonly type: T }>;
