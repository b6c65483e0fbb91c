import type { AssetCommand } from './asset/commands';
import type { AssetEvent } from './asset/events';
import type { CampaignCommand } from './campaign/commands';
import type { CampaignEvent } from './campaign/events';
import type { RecordedEvent } from './event';

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
  /** Version of the shape of `data` that is written today; older ones are lifted in upcast.ts. */
  readonly schemaVersion: number;
}

/** The compiler demands a row for every event type. */
export const CATALOGUE: { readonly [T in EventType]: Row } = {
  AssetRegistered: {
    category: 'asset',
    source: 'act',
    meaning: 'An asset came into being, still without content.',
    schemaVersion: 1,
  },
  VersionAdded: {
    category: 'asset',
    source: 'act',
    meaning: 'A new immutable state of the content was added.',
    schemaVersion: 1,
  },
  MetadataChanged: {
    category: 'asset',
    source: 'act',
    meaning: 'Title, tags or typed metadata changed.',
    schemaVersion: 1,
  },
  ReviewRequested: {
    category: 'asset',
    source: 'act',
    meaning: 'Approval was asked for one exact version.',
    schemaVersion: 1,
  },
  DecisionRecorded: {
    category: 'asset',
    source: 'act',
    meaning: 'One person decided in an open review.',
    schemaVersion: 1,
  },
  ApprovalGranted: {
    category: 'asset',
    source: 'act',
    meaning: 'The version has the decisions it needed and is approved.',
    schemaVersion: 1,
  },
  ApprovalLapsed: {
    category: 'asset',
    source: 'act',
    meaning: 'A live approval ended because what it vouched for changed.',
    schemaVersion: 1,
  },
  PlacementStarted: {
    category: 'asset',
    source: 'act',
    meaning: 'An approved version went live in a campaign.',
    schemaVersion: 1,
  },
  PlacementEnded: { category: 'asset', source: 'act', meaning: 'A placement is over.', schemaVersion: 1 },
  AssetRetired: { category: 'asset', source: 'act', meaning: 'The asset left production.', schemaVersion: 1 },
  AssetRestored: {
    category: 'asset',
    source: 'act',
    meaning: 'The asset came back into production.',
    schemaVersion: 1,
  },
  DecisionAttested: {
    category: 'asset',
    source: 'report',
    meaning: 'Somebody decided on a version elsewhere; there is evidence, not an approval.',
    schemaVersion: 1,
  },
  PlacementObserved: {
    category: 'asset',
    source: 'report',
    meaning: 'Content was seen live elsewhere.',
    schemaVersion: 1,
  },
  PlacementEndObserved: {
    category: 'asset',
    source: 'report',
    meaning: 'Content seen live elsewhere is no longer there.',
    schemaVersion: 1,
  },
  AliasObserved: { category: 'asset', source: 'report', meaning: 'Another path leads to the asset.', schemaVersion: 1 },
  AliasEndObserved: {
    category: 'asset',
    source: 'report',
    meaning: 'A path that led to the asset is gone.',
    schemaVersion: 1,
  },
  CampaignPlanned: { category: 'campaign', source: 'act', meaning: 'An initiative was planned.', schemaVersion: 1 },
  CampaignLaunched: {
    category: 'campaign',
    source: 'act',
    meaning: 'The campaign opened for placements.',
    schemaVersion: 1,
  },
  CampaignEnded: {
    category: 'campaign',
    source: 'act',
    meaning: 'The campaign closed for new placements.',
    schemaVersion: 1,
  },
  CampaignContentsObserved: {
    category: 'campaign',
    source: 'report',
    meaning: 'A tool reported which files the campaign contains.',
    schemaVersion: 1,
  },
};

export const EVENT_TYPES = Object.keys(CATALOGUE) as readonly EventType[];
