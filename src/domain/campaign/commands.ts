import type { ContentsChange } from './events';

/** Acts on a campaign, named by UUID. */
export type CampaignCommand =
  | {
      readonly type: 'PlanCampaign';
      readonly campaign: string;
      readonly name: string;
      readonly brand?: string;
      readonly markets?: readonly string[];
      readonly startsOn?: string;
      readonly endsOn?: string;
    }
  | {
      readonly type: 'LaunchCampaign';
      readonly campaign: string;
      readonly note?: string;
      /** Launch it although its last day is over. */
      readonly afterLastDay?: boolean;
    }
  | { readonly type: 'EndCampaign'; readonly campaign: string; readonly reason?: string }
  // Reports: what happened elsewhere. Never refused by a gate.
  | ({ readonly type: 'ObserveContents'; readonly campaign: string } & ContentsChange);
