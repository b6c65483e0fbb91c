import type { Evidence } from '../evidence';
import type { AssetKind, DecisionWord, Digest, MadeWith, MetadataValue, VersionRef } from './events';

/** Acts: gated, may be refused. Every command names its asset by UUID. */
export type AssetCommand =
  | {
      readonly type: 'RegisterAsset';
      readonly asset: string;
      readonly kind: AssetKind;
      readonly title: string;
      readonly tags?: readonly string[];
      readonly derivedFrom?: readonly VersionRef[];
      readonly template?: VersionRef;
      readonly componentOf?: string;
      readonly metadata?: { readonly [name: string]: MetadataValue };
      /** The first version, where the content is there at registration: one decision, one append. */
      readonly content?: VersionContent;
    }
  | ({ readonly type: 'AddVersion'; readonly asset: string } & VersionContent)
  | {
      readonly type: 'ChangeMetadata';
      readonly asset: string;
      readonly title?: string;
      readonly tags?: readonly string[];
      readonly set?: { readonly [name: string]: MetadataValue };
      readonly unset?: readonly string[];
    }
  /** Without a version, the current one. */
  | {
      readonly type: 'RequestReview';
      readonly asset: string;
      readonly version?: number;
      readonly required?: number;
      readonly note?: string;
    }
  /** The version and digest are what the person saw; a decision about anything else is refused. */
  | {
      readonly type: 'RecordDecision';
      readonly asset: string;
      readonly version: number;
      readonly digest: Digest;
      readonly decision: DecisionWord;
      readonly role: string;
      readonly note?: string;
    }
  | {
      readonly type: 'PlaceInCampaign';
      readonly asset: string;
      readonly campaign: string;
      readonly version: number;
      readonly channel: string;
      readonly market?: string;
    }
  | { readonly type: 'EndPlacement'; readonly asset: string; readonly placement: string; readonly reason?: string }
  | { readonly type: 'RetireAsset'; readonly asset: string; readonly reason?: string }
  | { readonly type: 'RestoreAsset'; readonly asset: string; readonly reason?: string }
  // Reports: what happened elsewhere. Never refused by a gate, only marked.
  | {
      readonly type: 'AttestDecision';
      readonly asset: string;
      readonly version: number;
      readonly decision: DecisionWord;
      readonly role: string;
      readonly evidence: Evidence;
      readonly automated: boolean;
      /** Other ids of whoever decided, as far as the source can tell or suspect; four eyes counts them as one person. */
      readonly samePersonAs?: readonly string[];
    }
  /** Names a version, or the digest of what was seen: then it is the newest version with these bytes, or none. */
  | {
      readonly type: 'ObservePlacement';
      readonly asset: string;
      readonly campaign: string;
      readonly version?: number;
      readonly digest?: Digest;
      readonly path?: string;
      readonly channel: string;
      readonly market?: string;
      readonly evidence?: Evidence;
    }
  | {
      readonly type: 'ObservePlacementEnd';
      readonly asset: string;
      readonly placement: string;
      readonly evidence?: Evidence;
    }
  | { readonly type: 'ObserveAlias'; readonly asset: string; readonly path: string; readonly evidence?: Evidence }
  | { readonly type: 'ObserveAliasEnd'; readonly asset: string; readonly path: string; readonly evidence?: Evidence };

export interface VersionContent {
  readonly digest: Digest;
  readonly bytes: number;
  readonly mediaType: string;
  readonly width?: number;
  readonly height?: number;
  readonly orientation?: number;
  readonly note?: string;
  readonly madeWith: MadeWith;
  readonly contributors?: readonly string[];
}
