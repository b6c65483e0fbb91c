import { ASSET_EVENTS, type DecisionWord } from '../../src/domain/asset/events';
import { isMaterial, type MetadataFields } from '../../src/domain/asset/material';
import type { MetadataValue } from '../../src/domain/asset/parts';
import type { Recorded } from '../../src/domain/catalogue';
import { sortKey } from '../../src/domain/collation';
import { changing, projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type AssetRow, asset, tables } from './tables';

type Library = RowsOf<typeof tables>;

const changedAsset = changing(asset);

/** A review that ends without an approval leaves its word on the version; an approval or abstention leaves none. */
const ENDS_REVIEW: { readonly [D in DecisionWord]?: string } = {
  approveWithChanges: 'changesRequested',
  changesRequested: 'changesRequested',
  reject: 'rejected',
};

/** Whatever happens to an asset moves its revision, also where nothing else of its row changes. */
const FOLLOWING = Object.fromEntries(
  Object.keys(ASSET_EVENTS).map((type) => [type, (event: Recorded, rows: Library) => change(event, rows, () => ({}))]),
);

/** The current state of every asset, its versions, and properties that few assets have. */
export const library = projection({
  name: 'library',
  version: 4,
  tables,
  on: {
    ...FOLLOWING,
    AssetRegistered: register,
    VersionAdded: addVersion,
    MetadataChanged: changeMetadata,
    ReviewRequested: (event, rows) => change(event, rows, () => ({ status: 'inReview' })),
    DecisionRecorded: (event, rows) => {
      const { decision, round, ends } = event.data;
      // Under a workflow the event says whether anything ends.
      const status = round === undefined || ends !== undefined ? ENDS_REVIEW[decision] : undefined;
      change(event, rows, () => (status === undefined ? {} : { status }));
    },
    ReviewRoundOpened: (event, rows) => change(event, rows, () => ({ status: 'inReview' })),
    // Also again, after whoever suspended the review took their decision back.
    StageOpened: (event, rows) => change(event, rows, () => ({ status: 'inReview' })),
    ReviewWithdrawn: (event, rows) => change(event, rows, () => ({ status: 'draft' })),
    ReviewLapsed: (event, rows) => change(event, rows, () => ({ status: 'draft' })),
    ApprovalGranted: (event, rows) => change(event, rows, () => ({ status: 'approved' })),
    ApprovalCarriedOver: (event, rows) => change(event, rows, () => ({ status: 'approved' })),
    ApprovalLapsed: (event, rows) =>
      change(event, rows, ({ status }) => ({ status: status === 'approved' ? 'draft' : status })),
    PlacementStarted: startPlacement,
    PlacementObserved: startPlacement,
    PlacementEnded: endPlacement,
    PlacementEndObserved: endPlacement,
    AssetRetired: (event, rows) => change(event, rows, () => ({ status: 'retired' })),
    AssetRestored: (event, rows) => change(event, rows, () => ({ status: 'draft' })),
    AliasObserved: (event, rows) => {
      rows.alias.put({ asset: subjectOf(event), path: event.data.path });
      change(event, rows, () => ({}));
    },
    AliasEndObserved: (event, rows) => {
      rows.alias.delete({ asset: subjectOf(event), path: event.data.path });
      change(event, rows, () => ({}));
    },
  },
});

function register(event: Recorded<'AssetRegistered'>, rows: Library): void {
  const { kind, title, tags, derivedFrom, template, componentOf, metadata } = event.data;
  const asset = subjectOf(event);
  rows.asset.put({
    asset,
    kind,
    title,
    titleKey: sortKey(title),
    status: 'draft',
    tags,
    version: 0,
    tool: null,
    template: template?.asset ?? null,
    campaigns: [],
    livePlacements: 0,
    registered: event.position,
    registeredAt: event.metadata.occurredAt,
    registeredBy: event.metadata.actorId,
    revision: event.revision,
    changed: event.position,
    changedAt: event.metadata.occurredAt,
  });
  putFields(asset, metadata, rows);
  if (derivedFrom === undefined && template === undefined && componentOf === undefined) return;
  rows.detail.put({
    asset,
    derivedFrom: derivedFrom ?? null,
    templateVersion: template?.version ?? null,
    componentOf: componentOf ?? null,
    position: event.position,
    occurredAt: event.metadata.occurredAt,
  });
}

function addVersion(event: Recorded<'VersionAdded'>, rows: Library): void {
  const { data, metadata } = event;
  rows.version.put({
    asset: subjectOf(event),
    version: data.version,
    digest: data.digest,
    bytes: data.bytes,
    mediaType: data.mediaType,
    width: data.width ?? null,
    height: data.height ?? null,
    orientation: data.orientation ?? null,
    note: data.note ?? null,
    tool: data.madeWith.tool,
    toolVersion: data.madeWith.toolVersion ?? null,
    ai: data.madeWith.ai,
    system: data.madeWith.system ?? null,
    contributors: data.contributors ?? null,
    author: metadata.actorId,
    authorKind: metadata.actorKind,
    onBehalfOf: metadata.onBehalfOf ?? null,
    occurredAt: metadata.occurredAt,
    recordedAt: event.recordedAt,
    position: event.position,
  });
  change(event, rows, () => ({ version: data.version, tool: data.madeWith.tool, status: 'draft' }));
}

function changeMetadata(event: Recorded<'MetadataChanged'>, rows: Library): void {
  const { title, tags, set, unset } = event.data;
  const asset = subjectOf(event);
  const material = isMaterial(fieldsBefore(event, rows), set, unset);
  putFields(asset, set, rows);
  for (const name of unset ?? []) rows.field.delete({ asset, name });
  change(event, rows, (before) => ({
    title: title ?? before.title,
    titleKey: title === undefined ? before.titleKey : sortKey(title),
    tags: tags ?? before.tags,
    // What was to be decided on is no longer there, so the open review is over.
    status: material && before.status === 'inReview' ? 'draft' : before.status,
  }));
}

function putFields(asset: string, fields: MetadataFields | undefined, rows: Library): void {
  for (const [name, { type, value, material }] of Object.entries(fields ?? {})) {
    rows.field.put({ asset, name, type, material, value });
  }
}

/** The fields that a change names, as they were before it. */
function fieldsBefore(event: Recorded<'MetadataChanged'>, rows: Library): MetadataFields {
  const { set, unset } = event.data;
  const asset = subjectOf(event);
  const names = [...Object.keys(set ?? {}), ...(unset ?? [])];
  const known = names.flatMap((name) => {
    const before = rows.field.get({ asset, name });
    return before === undefined ? [] : [[name, before as unknown as MetadataValue] as const];
  });
  return Object.fromEntries(known);
}

function startPlacement(event: Recorded<'PlacementStarted' | 'PlacementObserved'>, rows: Library): void {
  const { campaign, market } = event.data;
  const asset = subjectOf(event);
  if (market !== undefined && rows.market.get({ asset, market }) === undefined) {
    rows.market.put({ asset, market, position: event.position, occurredAt: event.metadata.occurredAt });
  }
  change(event, rows, ({ campaigns, livePlacements }) => ({
    campaigns: campaigns.includes(campaign) ? campaigns : [...campaigns, campaign],
    livePlacements: livePlacements + 1,
  }));
}

function endPlacement(event: Recorded<'PlacementEnded' | 'PlacementEndObserved'>, rows: Library): void {
  change(event, rows, ({ livePlacements }) => ({ livePlacements: livePlacements - 1 }));
}

function change(event: Recorded, rows: Library, by: (before: AssetRow) => Partial<AssetRow>): void {
  const before = found(rows.asset.get({ asset: subjectOf(event) }), event);
  const { revision, position: changed } = event;
  const { occurredAt: changedAt } = event.metadata;
  rows.asset.put(changedAsset(before, by(before), { revision, changed, changedAt }));
}
