import { act, type EventsIn, eventsOf, report } from '../definition';
import { withTagAsEvidence } from '../evidence';
import type { ContentsChange } from './parts';

/** Everything that can happen to a campaign. */
export const CAMPAIGN_EVENTS = eventsOf('campaign', {
  CampaignPlanned: act<{
    readonly name: string;
    readonly brand?: string;
    readonly markets?: readonly string[];
    /** Calendar days, `YYYY-MM-DD`. */
    readonly startsOn?: string;
    readonly endsOn?: string;
  }>('An initiative was planned.'),
  CampaignLaunched: act<{
    readonly note?: string;
    /** Present where its last day was over already and the command said that this is meant. */
    readonly afterLastDay?: true;
  }>('The campaign opened for placements.'),
  CampaignEnded: act<{ readonly reason?: string }>('The campaign closed for new placements.'),
  CampaignContentsObserved: report<ContentsChange>('A tool reported which files the campaign contains.', {
    lifts: [withTagAsEvidence],
  }),
});

export type CampaignEvent = EventsIn<typeof CAMPAIGN_EVENTS>;
