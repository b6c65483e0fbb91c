import type { EventOf } from '../event';
import type { Evidence } from '../evidence';

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

/** Report: what a campaign contains, file by file, as a tool saw it. */
export type CampaignContentsObserved = EventOf<'CampaignContentsObserved', ContentsChange>;

export type CampaignEvent = CampaignPlanned | CampaignLaunched | CampaignEnded | CampaignContentsObserved;
