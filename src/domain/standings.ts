import type { AssetStanding } from './asset/standing';
import type { CampaignStanding } from './campaign/standing';
import type { ContentStanding } from './content/standing';
import type { LicenceStanding } from './licence/standing';
import type { RecallStanding } from './recall/standing';
import type { RulebookStanding } from './rulebook/standing';
import type { WorkflowStanding } from './workflow/standing';

/** What a decision may know of a stream it is not about, by the category of the stream. */
export interface Standings {
  readonly asset: AssetStanding;
  readonly campaign: CampaignStanding;
  readonly workflow: WorkflowStanding;
  readonly rulebook: RulebookStanding;
  readonly licence: LicenceStanding;
  readonly recall: RecallStanding;
  readonly content: ContentStanding;
}

/** What is known of other streams so far. */
export interface Known {
  /** Undefined where there is no such stream, or nothing is known of it yet. */
  standing<C extends keyof Standings>(category: C, id: string): Standings[C] | undefined;
}

export const NOTHING_KNOWN: Known = { standing: () => undefined };
