import { act, type EventsIn, eventsOf, report } from '../definition';
import { type Evidence, withTagAsEvidence } from '../evidence';

/** One file that a campaign contains. */
export interface ContentsEntry {
  readonly path: string;
  /** Hex SHA-256 of its bytes. */
  readonly digest: string;
  readonly bytes?: number;
  /** Absent where no asset of the record had this path. */
  readonly asset?: string;
  /** The version of the asset that has these bytes; absent where none had them. */
  readonly version?: number;
}

/**
 * How the contents of a campaign differ from those of its base, or without a base from what was reported of it before
 * (nothing at first). A long report comes in several events: only the first names the base.
 */
export interface ContentsChange {
  readonly base?: string;
  readonly put: readonly ContentsEntry[];
  readonly gone?: readonly string[];
  /** True where more events of this report follow. */
  readonly more?: boolean;
  readonly evidence?: Evidence;
}

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
