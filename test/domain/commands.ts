import type { AssetCommand, VersionContent } from '../../src/domain/asset/commands';
import type { MetadataValue } from '../../src/domain/asset/events';
import type { CampaignCommand } from '../../src/domain/campaign/commands';
import type { Evidence } from '../../src/domain/evidence';
import { sha256, uuidOf } from './world';

/** The usual commands of a story, about one poster and one campaign unless told otherwise. */
export const POSTER = uuidOf('poster');
export const SUMMER = uuidOf('summer campaign');

export const content = (bytes = 'first draft'): VersionContent => ({
  digest: sha256(bytes),
  bytes: bytes.length,
  mediaType: 'image/png',
  madeWith: { tool: 'Figma', ai: 'none' },
});

type Named<T extends AssetCommand['type']> = Extract<AssetCommand, { readonly type: T }>;
type Fields<T extends AssetCommand['type']> = Partial<Omit<Named<T>, 'type'>>;

export const register = (fields: Fields<'RegisterAsset'> = {}): AssetCommand => ({
  type: 'RegisterAsset',
  asset: POSTER,
  kind: 'image',
  title: 'Summer poster',
  content: content(),
  ...fields,
});

export const addVersion = (bytes: string, fields: Fields<'AddVersion'> = {}): AssetCommand => ({
  type: 'AddVersion',
  asset: POSTER,
  ...content(bytes),
  ...fields,
});

export const changeMetadata = (fields: Fields<'ChangeMetadata'>): AssetCommand => ({
  type: 'ChangeMetadata',
  asset: POSTER,
  ...fields,
});

export const words = (value: string, material = false): MetadataValue => ({ type: 'text', value, material });

export const requestReview = (fields: Fields<'RequestReview'> = {}): AssetCommand => ({
  type: 'RequestReview',
  asset: POSTER,
  ...fields,
});

export const decide = (
  decision: Named<'RecordDecision'>['decision'] = 'approve',
  fields: Fields<'RecordDecision'> = {},
): AssetCommand => ({
  type: 'RecordDecision',
  asset: POSTER,
  version: 1,
  digest: content().digest,
  decision,
  role: 'brand',
  ...fields,
});

export const place = (fields: Fields<'PlaceInCampaign'> = {}): AssetCommand => ({
  type: 'PlaceInCampaign',
  asset: POSTER,
  campaign: SUMMER,
  version: 1,
  channel: 'web',
  ...fields,
});

export const endPlacement = (placement: string, asset = POSTER): AssetCommand => ({
  type: 'EndPlacement',
  asset,
  placement,
});

export const retire = (asset = POSTER): AssetCommand => ({ type: 'RetireAsset', asset });
export const restore = (asset = POSTER): AssetCommand => ({ type: 'RestoreAsset', asset });

export const evidence: Evidence = { kind: 'reviewTrailer', source: 'site', reference: 'c0ffee Reviewed-by' };

export const attest = (fields: Fields<'AttestDecision'> = {}): AssetCommand => ({
  type: 'AttestDecision',
  asset: POSTER,
  version: 1,
  decision: 'approve',
  role: 'reviewer',
  evidence,
  automated: false,
  ...fields,
});

export const observePlacement = (fields: Fields<'ObservePlacement'> = {}): AssetCommand => ({
  type: 'ObservePlacement',
  asset: POSTER,
  campaign: SUMMER,
  version: 1,
  channel: 'release',
  ...fields,
});

export const plan = (fields: Partial<Extract<CampaignCommand, { type: 'PlanCampaign' }>> = {}): CampaignCommand => ({
  type: 'PlanCampaign',
  campaign: SUMMER,
  name: 'Summer',
  ...fields,
});
type Contents = Extract<CampaignCommand, { type: 'ObserveContents' }>;

export const observeContents = (put: Contents['put'], fields: Partial<Contents> = {}): CampaignCommand => ({
  type: 'ObserveContents',
  campaign: SUMMER,
  put,
  ...fields,
});
export const launch = (campaign = SUMMER, fields: { readonly afterLastDay?: boolean } = {}): CampaignCommand => ({
  type: 'LaunchCampaign',
  campaign,
  ...fields,
});
export const end = (campaign = SUMMER): CampaignCommand => ({ type: 'EndCampaign', campaign });
