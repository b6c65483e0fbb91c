import type { AssetCommand } from './asset/commands';
import type { AssetEvent } from './asset/events';
import type { CampaignCommand } from './campaign/commands';
import type { CampaignEvent } from './campaign/events';
import type { Lift, RecordedEvent } from './event';
import { withCommonEvidence, withTagAsEvidence } from './evidence';

/** Every fact of the system. */
export type DomainEvent = AssetEvent | CampaignEvent;
export type EventType = DomainEvent['type'];
export type EventNamed<T extends EventType> = Extract<DomainEvent, { readonly type: T }>;
/** An event of these types as the log gives it; its `type` tells which `data` it has. */
export type Recorded<T extends EventType = EventType> = { readonly [K in T]: RecordedEvent<EventNamed<K>> }[T];

/** Every command of the system. */
export type Command = AssetCommand | CampaignCommand;
export type CommandType = Command['type'];

interface Row {
  readonly category: 'asset' | 'campaign';
  /** An act came through our door and was gated; a report says what happened elsewhere. */
  readonly source: 'act' | 'report';
  /** What it means to the business. */
  readonly meaning: string;
  /** How data of version 1 becomes version 2, that of 2 becomes 3, and so on; today's version is one more than there are. */
  readonly lifts?: readonly Lift[];
}

/** The compiler demands a row for every event type. */
export const CATALOGUE: { readonly [T in EventType]: Row } = {
  AssetRegistered: {
    category: 'asset',
    source: 'act',
    meaning: 'An asset came into being, still without content.',
  },
  VersionAdded: {
    category: 'asset',
    source: 'act',
    meaning: 'A new immutable state of the content was added.',
  },
  MetadataChanged: {
    category: 'asset',
    source: 'act',
    meaning: 'Title, tags or typed metadata changed.',
  },
  ReviewRequested: {
    category: 'asset',
    source: 'act',
    meaning: 'Approval was asked for one exact version.',
  },
  DecisionRecorded: {
    category: 'asset',
    source: 'act',
    meaning: 'One person decided in an open review.',
  },
  ApprovalGranted: {
    category: 'asset',
    source: 'act',
    meaning: 'The version has the decisions it needed and is approved.',
  },
  ApprovalLapsed: {
    category: 'asset',
    source: 'act',
    meaning: 'A live approval ended because what it vouched for changed.',
  },
  PlacementStarted: {
    category: 'asset',
    source: 'act',
    meaning: 'An approved version went live in a campaign.',
  },
  PlacementEnded: { category: 'asset', source: 'act', meaning: 'A placement is over.' },
  AssetRetired: { category: 'asset', source: 'act', meaning: 'The asset left production.' },
  AssetRestored: {
    category: 'asset',
    source: 'act',
    meaning: 'The asset came back into production.',
  },
  DecisionAttested: {
    category: 'asset',
    source: 'report',
    meaning: 'Somebody decided on a version elsewhere; there is evidence, not an approval.',
    lifts: [withCommonEvidence],
  },
  PlacementObserved: {
    category: 'asset',
    source: 'report',
    meaning: 'Content was seen live elsewhere.',
    lifts: [withCommonEvidence],
  },
  PlacementEndObserved: {
    category: 'asset',
    source: 'report',
    meaning: 'Content seen live elsewhere is no longer there.',
    lifts: [withCommonEvidence],
  },
  AliasObserved: {
    category: 'asset',
    source: 'report',
    meaning: 'Another path leads to the asset.',
    lifts: [withCommonEvidence],
  },
  AliasEndObserved: {
    category: 'asset',
    source: 'report',
    meaning: 'A path that led to the asset is gone.',
    lifts: [withCommonEvidence],
  },
  CampaignPlanned: { category: 'campaign', source: 'act', meaning: 'An initiative was planned.' },
  CampaignLaunched: {
    category: 'campaign',
    source: 'act',
    meaning: 'The campaign opened for placements.',
  },
  CampaignEnded: {
    category: 'campaign',
    source: 'act',
    meaning: 'The campaign closed for new placements.',
  },
  CampaignContentsObserved: {
    category: 'campaign',
    source: 'report',
    meaning: 'A tool reported which files the campaign contains.',
    lifts: [withTagAsEvidence],
  },
};

export const EVENT_TYPES = Object.keys(CATALOGUE) as readonly EventType[];
