import { Allow } from 'class-validator';
import { Evidence } from '../evidence';
import {
  actor,
  actors,
  boolean,
  digest,
  distinct,
  instant,
  integer,
  label,
  MAX_TITLE,
  note,
  number,
  oneOf,
  part,
  path,
  text,
  uuid,
} from '../fields';
import { optional } from '../input';
import { ASSET_KINDS, type AssetKind } from '../kinds';
import { DECISIONS, type DecisionWord } from './events';
import {
  type Digest,
  fieldName,
  MAX_FIELDS,
  MAX_PARENTS,
  MAX_PEOPLE,
  MAX_TAGS,
  type MetadataValue,
  metadata,
  Region,
  TimeSpan,
  VersionContent,
  VersionRef,
  version,
  Whereabouts,
} from './parts';

/** The most people whose decisions a review may require. */
export const MAX_REQUIRED = 10;
/** The most rules that one waiver names. */
export const MOST_WAIVED = 20;

const tags = distinct(MAX_TAGS, label(100));
const parents = distinct<VersionRef>(
  MAX_PARENTS,
  part(VersionRef),
  ({ asset, version: number }) => `${asset} ${number}`,
);
const evidence = part(Evidence);

/** Every command on an asset names it by UUID. */
abstract class OnAsset {
  @uuid('asset') readonly asset!: string;
}

export class RegisterAsset extends OnAsset {
  @Allow() readonly type = 'RegisterAsset';
  @oneOf(ASSET_KINDS) readonly kind!: AssetKind;
  @text(MAX_TITLE) readonly title!: string;
  @optional(tags) readonly tags?: readonly string[];
  @optional(parents) readonly derivedFrom?: readonly VersionRef[];
  @optional(part(VersionRef)) readonly template?: VersionRef;
  @optional(uuid('asset')) readonly componentOf?: string;
  @optional(metadata) readonly metadata?: { readonly [name: string]: MetadataValue };
  /** The first version, where the content is there at registration: one decision, one append. */
  @optional(part(VersionContent)) readonly content?: VersionContent;
}

export class AddVersion extends OnAsset {
  @Allow() readonly type = 'AddVersion';
  @part(VersionContent) readonly content!: VersionContent;
}

export class ChangeMetadata extends OnAsset {
  @Allow() readonly type = 'ChangeMetadata';
  @optional(text(MAX_TITLE)) readonly title?: string;
  @optional(tags) readonly tags?: readonly string[];
  @optional(metadata) readonly set?: { readonly [name: string]: MetadataValue };
  @optional(distinct(MAX_FIELDS, fieldName)) readonly unset?: readonly string[];
}

/** Without a version, the current one. */
export class RequestReview extends OnAsset {
  @Allow() readonly type = 'RequestReview';
  @optional(version) readonly version?: number;
  @optional(integer(1, MAX_REQUIRED)) readonly required?: number;
  @optional(note) readonly note?: string;
}

/** The version and digest are what the person saw; a decision about anything else is refused. */
export class RecordDecision extends OnAsset {
  @Allow() readonly type = 'RecordDecision';
  @version readonly version!: number;
  @digest readonly digest!: Digest;
  @oneOf(DECISIONS) readonly decision!: DecisionWord;
  @label(100) readonly role!: string;
  @optional(note) readonly note?: string;
  /** The candidate whom the person stands in for, by the rulebook. */
  @optional(actor) readonly insteadOf?: string;
  /** The stage that the person saw. Whoever has decided in a stage names the next one, so that nothing is done twice. */
  @optional(label(50)) readonly stage?: string;
}

export class PlaceInCampaign extends Whereabouts {
  @Allow() readonly type = 'PlaceInCampaign';
  @uuid('asset') readonly asset!: string;
  @uuid('campaign') readonly campaign!: string;
  @version readonly version!: number;
  @label(100) readonly channel!: string;
  @optional(label(100)) readonly market?: string;
}

export class EndPlacement extends OnAsset {
  @Allow() readonly type = 'EndPlacement';
  @uuid('placement') readonly placement!: string;
  @optional(note) readonly reason?: string;
}

export class AddComponent extends OnAsset {
  @Allow() readonly type = 'AddComponent';
  @part(VersionRef) readonly component!: VersionRef;
}

export class RemoveComponent extends OnAsset {
  @Allow() readonly type = 'RemoveComponent';
  @uuid('asset') readonly component!: string;
  @optional(note) readonly reason?: string;
}

export class AttachLicence extends OnAsset {
  @Allow() readonly type = 'AttachLicence';
  @uuid('licence') readonly licence!: string;
}

export class DetachLicence extends OnAsset {
  @Allow() readonly type = 'DetachLicence';
  @uuid('licence') readonly licence!: string;
  @note readonly reason!: string;
}

/** An exception from rules, for exactly this content. */
export class WaiveRules extends OnAsset {
  @Allow() readonly type = 'WaiveRules';
  @version readonly version!: number;
  @digest readonly digest!: Digest;
  @distinct(MOST_WAIVED, label(60)) readonly rules!: readonly string[];
  @instant readonly waivedUntil!: string;
  @note readonly reason!: string;
}

export class EndWaiver extends OnAsset {
  @Allow() readonly type = 'EndWaiver';
  @uuid('waiver') readonly waiver!: string;
  @optional(note) readonly reason?: string;
}

/** Asks the gate again about something that runs. */
export class ExaminePlacement extends OnAsset {
  @Allow() readonly type = 'ExaminePlacement';
  @uuid('placement') readonly placement!: string;
  /** What it is examined for, where something else happened. */
  @optional(label(200)) readonly examinedFor?: string;
}

export class AcknowledgeFinding extends OnAsset {
  @Allow() readonly type = 'AcknowledgeFinding';
  @uuid('placement') readonly placement!: string;
  @note readonly note!: string;
}

export class RetireAsset extends OnAsset {
  @Allow() readonly type = 'RetireAsset';
  @optional(note) readonly reason?: string;
}

export class RestoreAsset extends OnAsset {
  @Allow() readonly type = 'RestoreAsset';
  @optional(note) readonly reason?: string;
}

/** Takes back the request for approval that is open. */
export class WithdrawReview extends OnAsset {
  @Allow() readonly type = 'WithdrawReview';
  @optional(note) readonly reason?: string;
}

/** Takes back what the actor decided: while the review is open it no longer counts, afterwards the approval lapses. */
export class WithdrawDecision extends OnAsset {
  @Allow() readonly type = 'WithdrawDecision';
  @optional(note) readonly reason?: string;
}

/** Asks one of the candidates to decide in a path of the open stage. */
export class AssignReviewer extends OnAsset {
  @Allow() readonly type = 'AssignReviewer';
  @label(50) readonly path!: string;
  @actor readonly person!: string;
}

/** Does what the deadline of the open stage asks for by now: reminds, escalates, or ends. */
export class KeepDeadline extends OnAsset {
  @Allow() readonly type = 'KeepDeadline';
  @uuid('review') readonly review!: string;
}

/** Keeps an approval that has lapsed, for the current version, by a rule of its workflow. */
export class CarryOverApproval extends OnAsset {
  @Allow() readonly type = 'CarryOverApproval';
  @uuid('approval') readonly approval!: string;
  @label(50) readonly rule!: string;
  /** Of a crop: per cent of the approved picture that is gone. */
  @optional(number) readonly measured?: number;
  @optional(note) readonly note?: string;
}

/** Remarks on a version: the whole, a region, a time or a page of it. */
export class AnnotateVersion extends OnAsset {
  @Allow() readonly type = 'AnnotateVersion';
  @version readonly version!: number;
  @note readonly text!: string;
  @optional(uuid('annotation')) readonly inReplyTo?: string;
  @optional(part(Region)) readonly region?: Region;
  @optional(part(TimeSpan)) readonly time?: TimeSpan;
  @optional(integer(1)) readonly page?: number;
}

export class ResolveAnnotation extends OnAsset {
  @Allow() readonly type = 'ResolveAnnotation';
  @uuid('annotation') readonly annotation!: string;
}

// Reports: what happened elsewhere. Never refused by a gate, only marked.

export class AttestDecision extends OnAsset {
  @Allow() readonly type = 'AttestDecision';
  @version readonly version!: number;
  @oneOf(DECISIONS) readonly decision!: DecisionWord;
  @label(100) readonly role!: string;
  @evidence readonly evidence!: Evidence;
  @boolean readonly automated!: boolean;
  /** Other ids of the person who decided, known or suspected by the source; four eyes counts them as one person. */
  @optional(actors(MAX_PEOPLE)) readonly samePersonAs?: readonly string[];
}

/** Names a version, or the digest of what was seen: then it is the newest version with these bytes, or none. */
export class ObservePlacement extends Whereabouts {
  @Allow() readonly type = 'ObservePlacement';
  @uuid('asset') readonly asset!: string;
  @uuid('campaign') readonly campaign!: string;
  @optional(version) readonly version?: number;
  @optional(digest) readonly digest?: Digest;
  @optional(path) readonly path?: string;
  @label(100) readonly channel!: string;
  @optional(label(100)) readonly market?: string;
  @optional(evidence) readonly evidence?: Evidence;
}

export class ObservePlacementEnd extends OnAsset {
  @Allow() readonly type = 'ObservePlacementEnd';
  @uuid('placement') readonly placement!: string;
  @optional(evidence) readonly evidence?: Evidence;
}

export class ObserveAlias extends OnAsset {
  @Allow() readonly type = 'ObserveAlias';
  @text(4_096) readonly path!: string;
  @optional(evidence) readonly evidence?: Evidence;
}

export class ObserveAliasEnd extends OnAsset {
  @Allow() readonly type = 'ObserveAliasEnd';
  @text(4_096) readonly path!: string;
  @optional(evidence) readonly evidence?: Evidence;
}
