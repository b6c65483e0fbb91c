import type { Scope } from '../scope';
import type { PeopleList, RulebookEntry } from './parts';

/** Who decides instead of whom, and when. */
export interface Substitution {
  readonly substitution: string;
  readonly person: string;
  readonly substitute: string;
  readonly from: string;
  readonly until: string;
  readonly scope?: Scope | undefined;
}

/** What decisions about other streams may know of a rulebook. */
export interface RulebookStanding {
  /** How often it was revised; decisions name it. */
  readonly number: number;
  readonly entries: readonly RulebookEntry[];
  readonly roles: readonly PeopleList[];
  readonly groups: readonly PeopleList[];
  readonly editors: readonly string[];
  readonly substitutions: readonly Substitution[];
}
