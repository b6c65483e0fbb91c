import type { Fixity, Verdict } from './events';

/** What decisions about other streams may know of a content. */
export interface ContentStanding {
  readonly verdict: Verdict | undefined;
  readonly fixity: Fixity | undefined;
}
