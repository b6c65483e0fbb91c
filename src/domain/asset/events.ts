import type { Ruling } from '../compliance';
import { act, type EventsIn, eventsOf, report } from '../definition';
import { type Evidence, withCommonEvidence } from '../evidence';
import type { AssetKind } from '../kinds';
import type { Scope } from '../scope';
import type { Digest, MetadataValue, VersionContent, VersionRef, Whereabouts } from './parts';
import { REVIEW_EVENTS } from './reviewevents';

export const DECISIONS = ['approve', 'approveWithChanges', 'changesRequested', 'reject', 'abstain'] as const;
export type DecisionWord = (typeof DECISIONS)[number];

/** Why a live approval ends. */
export const LAPSE_REASONS = [
  'newVersion',
  'materialMetadata',
  'componentRemoved',
  'retired',
  'rejected',
  'withdrawn',
] as const;

/** Everything that can happen to an asset. */
export const ASSET_EVENTS = eventsOf('asset', {
  AssetRegistered: act<{
    readonly kind: AssetKind;
    readonly title: string;
    readonly tags: readonly string[];
    readonly derivedFrom?: readonly VersionRef[];
    readonly template?: VersionRef;
    readonly componentOf?: string;
    readonly metadata?: { readonly [name: string]: MetadataValue };
  }>('An asset came into being, still without content.'),
  VersionAdded: act<VersionContent & { readonly version: number }>('A new immutable state of the content was added.'),
  MetadataChanged: act<{
    readonly title?: string;
    readonly tags?: readonly string[];
    readonly set?: { readonly [name: string]: MetadataValue };
    readonly unset?: readonly string[];
  }>('Title, tags or typed metadata changed.'),
  ReviewRequested: act<{
    readonly review: string;
    readonly version: number;
    readonly digest: Digest;
    readonly materialHash: Digest;
    /** How many different people must approve. */
    readonly required: number;
    readonly note?: string;
    /** The rules it follows, and the revision of the rulebook that named them; absent where one approver is enough. */
    readonly workflow?: string;
    readonly workflowVersion?: number;
    readonly workflowHash?: Digest;
    readonly rulebook?: number;
    readonly scope?: Scope;
    /** Metadata fields that count as material because the rules say so. */
    readonly materialFields?: readonly string[];
  }>('Approval was asked for one exact version.'),
  DecisionRecorded: act<{
    readonly review: string;
    readonly version: number;
    readonly digest: Digest;
    readonly materialHash: Digest;
    readonly decision: DecisionWord;
    readonly role: string;
    readonly note?: string;
    /** Present if it is advice, which never approves: a program made it, or a person acting on behalf of another. */
    readonly automated?: true;
    /** Position of the log up to which makers of these bytes were looked for in every asset; absent in older logs. */
    readonly makersAt?: string;
    /** Where a workflow rules: round and stage, and the paths for which the person counts if they approve. */
    readonly round?: number;
    readonly stage?: string;
    readonly paths?: readonly string[];
    /** The candidate whom the person stands in for; both count once. */
    readonly insteadOf?: string;
    /** Revision of the rulebook by which the person was a candidate. */
    readonly rulebook?: number;
    /** Present if the decision ends the review, or its round until there is something new. */
    readonly ends?: 'review' | 'round';
  }>('One person decided in an open review.'),
  ApprovalGranted: act<{
    readonly approval: string;
    readonly review: string;
    readonly version: number;
    readonly digest: Digest;
    readonly materialHash: Digest;
    readonly decidedBy: readonly string[];
    readonly workflow?: string;
    readonly workflowVersion?: number;
    readonly materialFields?: readonly string[];
  }>('The version has the decisions it needed and is approved.'),
  ApprovalLapsed: act<{
    readonly approval: string;
    readonly version: number;
    readonly digest: Digest;
    readonly reason: (typeof LAPSE_REASONS)[number];
  }>('A live approval ended because the approved content or metadata changed.'),
  PlacementStarted: act<
    {
      readonly placement: string;
      readonly campaign: string;
      readonly version: number;
      readonly digest: Digest;
      readonly approval: string;
      readonly channel: string;
      readonly market?: string;
      /** What became of each rule in force; absent where there was none. */
      readonly rulings?: readonly Ruling[];
    } & Whereabouts
  >('An approved version went live in a campaign.'),
  PlacementEnded: act<{
    readonly placement: string;
    readonly campaign: string;
    /** Absent where what had been seen is no version of the asset. */
    readonly version?: number;
    readonly reason?: string;
  }>('A placement is over.'),
  ComponentAdded: act<{ readonly component: VersionRef }>(
    'A version of another asset became part of the asset; what was there of it before is replaced.',
  ),
  ComponentRemoved: act<{ readonly component: VersionRef; readonly reason?: string }>(
    'A version of another asset is no longer part of the asset.',
  ),
  LicenceAttached: act<{ readonly licence: string }>('A licence covers the asset from now on.'),
  LicenceDetached: act<{ readonly licence: string; readonly reason: string }>('A licence no longer covers the asset.'),
  RulesWaived: act<{
    readonly waiver: string;
    readonly version: number;
    readonly digest: Digest;
    readonly rules: readonly string[];
    readonly waivedUntil: string;
    readonly reason: string;
  }>('Somebody answers for an exception from named rules, for exactly this content and until an instant.'),
  WaiverEnded: act<{ readonly waiver: string; readonly reason?: string }>('An exception from rules was taken back.'),
  PlacementExamined: act<{
    readonly placement: string;
    /** Codes of what the gate would refuse it for now; empty where it would let it through again. */
    readonly wouldRefuse: readonly string[];
    readonly rulings?: readonly Ruling[];
    /** What it was examined for. */
    readonly examinedFor?: string;
  }>('The gate was asked again about something that runs, and says otherwise than before.'),
  FindingAcknowledged: act<{ readonly placement: string; readonly note: string }>(
    'Somebody has seen what the gate would refuse about something that runs.',
  ),
  AssetRetired: act<{ readonly reason?: string }>('The asset left production.'),
  AssetRestored: act<{ readonly reason?: string }>('The asset came back into production.'),
  DecisionAttested: report<{
    readonly version: number;
    readonly digest: Digest;
    readonly decision: DecisionWord;
    readonly role: string;
    readonly evidence: Evidence;
    /** True where a bot, not a person, said it: an automated check. */
    readonly automated: boolean;
    /** Codes of the refusals this would have met as an act; empty where a gate would have let it through. */
    readonly wouldRefuse: readonly string[];
    /** As of a decision; absent if other assets were not searched, as in an import. */
    readonly makersAt?: string;
    /**
     * Ids of those who made the version and are, as their names and addresses say, perhaps the same person as the one
     * who decided. Where there are any, `wouldRefuse` holds FOUR_EYES: what is not sure never passes for a second person.
     */
    readonly suspectedSamePerson?: readonly string[];
  }>('Somebody decided on a version elsewhere; there is evidence, not an approval.', { lifts: [withCommonEvidence] }),
  PlacementObserved: report<
    {
      readonly placement: string;
      readonly campaign: string;
      /** Absent where the bytes that were seen are no version of the asset. */
      readonly version?: number;
      readonly digest: Digest;
      /** Where it was seen in the campaign: the path of a file in a release. */
      readonly path?: string;
      readonly channel: string;
      readonly market?: string;
      readonly evidence?: Evidence;
      readonly wouldRefuse: readonly string[];
      readonly rulings?: readonly Ruling[];
    } & Whereabouts
  >('Content was seen live elsewhere.', { lifts: [withCommonEvidence] }),
  PlacementEndObserved: report<{
    readonly placement: string;
    readonly campaign: string;
    readonly version?: number;
    readonly evidence?: Evidence;
  }>('Content seen live elsewhere is no longer there.', { lifts: [withCommonEvidence] }),
  AliasObserved: report<{ readonly path: string; readonly evidence?: Evidence }>('Another path leads to the asset.', {
    lifts: [withCommonEvidence],
  }),
  AliasEndObserved: report<{ readonly path: string; readonly evidence?: Evidence }>(
    'A path that led to the asset is gone.',
    { lifts: [withCommonEvidence] },
  ),
  ...REVIEW_EVENTS,
});

export type AssetEvent = EventsIn<typeof ASSET_EVENTS>;
export type AssetEventNamed<T extends AssetEvent['type']> = Extract<AssetEvent, { readonly type: T }>;
