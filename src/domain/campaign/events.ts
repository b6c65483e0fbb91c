import type { EventOf } from '../event';

/** An initiative was planned; nothing may run in it yet. */
export type CampaignPlanned = EventOf<
  'CampaignPlanned',
  {
    readonly name: string;
    readonly brand?: string;
    readonly markets?: readonly string[];
    /** Calendar days, `YYYY-MM-DD`. */
    readonly startsOn?: string;
    readonly endsOn?: string;
  }
>;

/** The campaign is open: approved versions may be placed in it. */
export type CampaignLaunched = EventOf<
  'CampaignLaunched',
  {
    readonly note?: string;
    /** Present where its last day was over already and the command said that this is meant. */
    readonly afterLastDay?: true;
  }
>;

/** The campaign is closed for new placements. */
export type CampaignEnded = EventOf<'CampaignEnded', { readonly reason?: string }>;

export type CampaignEvent = CampaignPlanned | CampaignLaunched | CampaignEnded;
