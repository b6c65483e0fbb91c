import type { AssetCommand } from '../../src/domain/asset/decider';
import type { MetadataValue, VersionContent } from '../../src/domain/asset/parts';
import type { LaunchCampaign, ObserveContents, PlanCampaign } from '../../src/domain/campaign/commands';
import type {
  ReportFacts,
  ReportFixity,
  ReportRendition,
  ReportRenditionFailure,
  ReportScan,
} from '../../src/domain/content/commands';
import type { Command, CommandNamed } from '../../src/domain/deciders';
import type { Evidence } from '../../src/domain/evidence';
import type { NameSubstitute, ReviseRulebook } from '../../src/domain/rulebook/commands';
import { RULEBOOK } from '../../src/domain/scope';
import { contentOf } from '../../src/domain/stream';
import type { DefineWorkflow } from '../../src/domain/workflow/commands';
import type { WorkflowDefinition } from '../../src/domain/workflow/parts';
import { sha256, uuidOf } from './world';

/** The usual commands of a story, by default about one poster and one campaign. */
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

export const LAUNCHING = uuidOf('launching');

/** Ann makes; Ben and Cat are of the brand, Dan of the legal department, Eve of the market. */
export const threeStages: WorkflowDefinition = {
  name: 'Brand, legal, market',
  stages: [
    {
      id: 'brand',
      paths: [{ id: 'brand', candidates: { roles: ['brand manager'] }, quorum: 1 }],
      deadline: { workingDays: 2, remindBefore: [24], onSilence: 'escalate', escalateTo: { people: ['eve'] } },
    },
    {
      id: 'legal',
      paths: [
        { id: 'law', candidates: { groups: ['legal'] }, quorum: 1 },
        { id: 'data', candidates: { people: ['cat', 'eve'] }, quorum: 1 },
        { id: 'style', candidates: { anybody: true }, quorum: 1, optional: true },
      ],
      deadline: { hours: 48, onSilence: 'lapse' },
    },
  ],
  calendar: {
    timeZone: 'Europe/Berlin',
    weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    from: '09:00',
    to: '17:00',
    holidays: ['2026-04-03', '2026-04-06'],
  },
  materialFields: ['claim'],
  carryOver: [
    { id: 'not-material', kind: 'notMaterial' },
    { id: 'crop-5', kind: 'crop', atMost: 5 },
  ],
};

export const defineWorkflow = (definition: WorkflowDefinition = threeStages, workflow = LAUNCHING): DefineWorkflow => ({
  type: 'DefineWorkflow',
  workflow,
  definition,
});

export const revise = (fields: Partial<Omit<ReviseRulebook, 'type'>> = {}): ReviseRulebook => ({
  type: 'ReviseRulebook',
  rulebook: RULEBOOK,
  entries: [{ scope: { kind: 'image' }, workflow: LAUNCHING }],
  roles: [{ name: 'brand manager', people: ['ben', 'cat'] }],
  groups: [{ name: 'legal', people: ['dan', 'eve'] }],
  ...fields,
});

export const nameSubstitute = (substitute: string, fields: Partial<NameSubstitute> = {}): NameSubstitute => ({
  type: 'NameSubstitute',
  rulebook: RULEBOOK,
  substitute,
  from: '2026-03-01T00:00:00.000Z',
  until: '2026-03-08T00:00:00.000Z',
  ...fields,
});

export const endSubstitution = (substitution: string): Command => ({
  type: 'EndSubstitution',
  rulebook: RULEBOOK,
  substitution,
});

export const reportScan = (text: string, fields: Partial<Omit<ReportScan, 'type'>> = {}): ReportScan => ({
  type: 'ReportScan',
  content: contentOf(sha256(text)),
  digest: sha256(text),
  verdict: 'clean',
  engine: 'ClamAV 1.4.3',
  ...fields,
});

export const reportFixity = (text: string, fields: Partial<Omit<ReportFixity, 'type'>> = {}): ReportFixity => ({
  type: 'ReportFixity',
  content: contentOf(sha256(text)),
  digest: sha256(text),
  outcome: 'good',
  ...fields,
});

export const reportFacts = (text: string, fields: Partial<Omit<ReportFacts, 'type'>> = {}): ReportFacts => ({
  type: 'ReportFacts',
  content: contentOf(sha256(text)),
  digest: sha256(text),
  analyser: 'palimpsest',
  analyserVersion: '1',
  width: 1200,
  height: 628,
  creator: 'Ana Rossi',
  c2pa: false,
  ...fields,
});

const renditionOf = (text: string) => ({
  content: contentOf(sha256(text)),
  digest: sha256(text),
  profile: 'email',
  profileVersion: 1,
  library: 'sharp0.35.5',
});

export const reportRendition = (
  text: string,
  fields: Partial<Omit<ReportRendition, 'type'>> = {},
): ReportRendition => ({
  type: 'ReportRendition',
  ...renditionOf(text),
  rendition: sha256(`${text} for email`),
  renditionBytes: 48_000,
  renditionType: 'image/jpeg',
  renditionWidth: 600,
  renditionHeight: 314,
  ...fields,
});

export const reportRenditionFailure = (
  text: string,
  fields: Partial<Omit<ReportRenditionFailure, 'type'>> = {},
): ReportRenditionFailure => ({
  type: 'ReportRenditionFailure',
  ...renditionOf(text),
  failure: 'tooManyBytes',
  ...fields,
});
