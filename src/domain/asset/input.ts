import { evidenceInput as evidence } from '../evidence';
import {
  boolean,
  type Check,
  calendarDay,
  digest,
  distinct,
  integer,
  label,
  list,
  MAX_TITLE,
  mapOf,
  matching,
  number,
  oneOf,
  optional,
  prose,
  record,
  text,
  under,
  uuid,
} from '../input';
import type { AssetCommand } from './commands';
import { ASSET_KINDS, DECISIONS, type VersionRef } from './events';

/** The most entries of each list that an asset holds; what an answer costs is derived from them. */
export const MAX_FIELDS = 200;
export const MAX_TAGS = 50;
export const MAX_PARENTS = 100;
/** The most people named beside the actor. */
export const MAX_PEOPLE = 1_000;
/** The most people whose decisions a review may require. */
export const MAX_REQUIRED = 10;

const type = text(100);
const note = prose(4_000);
const version = integer(1);
const versionRef = record({ asset: uuid, version });
const tags = distinct(MAX_TAGS, label(100));
const person = text(200);
const fieldName = label(100);
const mediaType = matching(
  /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}(;[\x20-\x7e]{1,200})?$/i,
  'a media type such as image/png',
);

const fieldValue: Readonly<Record<string, Check>> = {
  text: prose(4_000),
  date: calendarDay,
  number,
  boolean,
  list: list(200, prose(500)),
};

const metadataValue: Check = (value) => {
  const kind = (value as { type?: unknown } | null | undefined)?.type;
  const known = oneOf(Object.keys(fieldValue))(kind);
  if (known !== undefined) return under('type', known);
  return record({ type, value: fieldValue[kind as string] as Check, material: boolean })(value);
};

const metadata = mapOf(MAX_FIELDS, fieldName, metadataValue);

const content = {
  digest,
  bytes: integer(0),
  mediaType,
  width: optional(integer(1)),
  height: optional(integer(1)),
  orientation: optional(integer(1, 8)),
  note: optional(note),
  madeWith: record({
    tool: label(200),
    toolVersion: optional(label(100)),
    ai: oneOf(['none', 'assisted', 'generated']),
    system: optional(label(200)),
  }),
  contributors: optional(distinct(MAX_PEOPLE, person)),
};

const asset = { type, asset: uuid };
const place = { campaign: uuid, channel: label(100), market: optional(label(100)) };
const alias = record({ ...asset, path: text(4_096), evidence: optional(evidence) });

/** What each command may carry; the sizes are part of the contract. */
export const ASSET_INPUT: { readonly [T in AssetCommand['type']]: Check } = {
  RegisterAsset: record({
    ...asset,
    kind: oneOf(ASSET_KINDS),
    title: text(MAX_TITLE),
    tags: optional(tags),
    derivedFrom: optional(
      distinct<VersionRef>(MAX_PARENTS, versionRef, ({ asset, version: number }) => `${asset} ${number}`),
    ),
    template: optional(versionRef),
    componentOf: optional(uuid),
    metadata: optional(metadata),
    content: optional(record(content)),
  }),
  AddVersion: record({ ...asset, ...content }),
  ChangeMetadata: record({
    ...asset,
    title: optional(text(MAX_TITLE)),
    tags: optional(tags),
    set: optional(metadata),
    unset: optional(distinct(MAX_FIELDS, fieldName)),
  }),
  RequestReview: record({
    ...asset,
    version: optional(version),
    required: optional(integer(1, MAX_REQUIRED)),
    note: optional(note),
  }),
  RecordDecision: record({
    ...asset,
    version,
    digest,
    decision: oneOf(DECISIONS),
    role: label(100),
    note: optional(note),
  }),
  PlaceInCampaign: record({ ...asset, ...place, version }),
  EndPlacement: record({ ...asset, placement: uuid, reason: optional(note) }),
  RetireAsset: record({ ...asset, reason: optional(note) }),
  RestoreAsset: record({ ...asset, reason: optional(note) }),
  AttestDecision: record({
    ...asset,
    version,
    decision: oneOf(DECISIONS),
    role: label(100),
    evidence,
    automated: boolean,
    samePersonAs: optional(distinct(MAX_PEOPLE, person)),
  }),
  ObservePlacement: record({
    ...asset,
    ...place,
    version: optional(version),
    digest: optional(digest),
    path: optional(matching(/^[^\0]{1,4096}$/s, 'a path of 1 to 4096 characters')),
    evidence: optional(evidence),
  }),
  ObservePlacementEnd: record({ ...asset, placement: uuid, evidence: optional(evidence) }),
  ObserveAlias: alias,
  ObserveAliasEnd: alias,
};
