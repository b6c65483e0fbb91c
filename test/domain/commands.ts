import type { AssetCommand } from '../../src/domain/asset/decider';
import type { MetadataValue, VersionContent } from '../../src/domain/asset/parts';
import type { LaunchCampaign, ObserveContents, PlanCampaign } from '../../src/domain/campaign/commands';
import type { Command, CommandNamed } from '../../src/domain/deciders';
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

const contentWith = (
  bytes: string,
  { asset: _asset, ...fields }: { readonly asset?: string } & Partial<VersionContent>,
) => ({
  ...content(bytes),
  ...fields,
});

type Fields<T extends AssetCommand['type']> = Partial<Omit<CommandNamed<T>, 'type'>>;

export const register = (fields: Fields<'RegisterAsset'> = {}): AssetCommand => ({
  type: 'RegisterAsset',
  asset: POSTER,
  kind: 'image',
  title: 'Summer poster',
  content: content(),
  ...fields,
});

export const addVersion = (
  bytes: string,
  fields: { readonly asset?: string } & Partial<VersionContent> = {},
): AssetCommand => ({
  type: 'AddVersion',
  asset: fields.asset ?? POSTER,
  content: contentWith(bytes, fields),
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
  decision: CommandNamed<'RecordDecision'>['decision'] = 'approve',
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

export const plan = (fields: Partial<PlanCampaign> = {}): PlanCampaign => ({
  type: 'PlanCampaign',
  campaign: SUMMER,
  name: 'Summer',
  ...fields,
});

export const observeContents = (
  put: ObserveContents['put'],
  fields: Partial<ObserveContents> = {},
): ObserveContents => ({
  type: 'ObserveContents',
  campaign: SUMMER,
  put,
  ...fields,
});
export const launch = (campaign = SUMMER, fields: { readonly afterLastDay?: boolean } = {}): LaunchCampaign => ({
  type: 'LaunchCampaign',
  campaign,
  ...fields,
});
export const end = (campaign = SUMMER): Command => ({ type: 'EndCampaign', campaign });
