import { type Row, table } from '../../src/tables/projection';

/**
 * Where every asset stands. One past row is kept for every event of an asset, so what is bulky and rarely changes is
 * in `field` and `alias`, and what never changes is in `detail` and `version`.
 */
export const asset = table({
  columns: {
    asset: 'uuid',
    kind: 'word',
    title: 'text',
    /** What titles are sorted by: `sortKey` of the title. */
    titleKey: 'text',
    /** draft, inReview, changesRequested, rejected, approved or retired. */
    status: 'word',
    tags: 'list',
    /** Number of the current version, 0 while there is no content. */
    version: 'integer',
    /** What the current version was made with. */
    tool: 'word?',
    /** The template asset it was made from. */
    template: 'word?',
    /** Every campaign a version of it runs or ran in. */
    campaigns: 'list',
    livePlacements: 'integer',
    registered: 'position',
    registeredAt: 'instant',
    registeredBy: 'word',
    /** Last revision of its stream, and position and time of that event. */
    revision: 'integer',
    changed: 'position',
    changedAt: 'instant',
  },
  key: ['asset'],
  temporal: true,
  fixed: ['kind', 'template', 'registered', 'registeredAt', 'registeredBy'],
  rare: ['title'],
  sortKeys: { titleKey: 'title' },
  indexes: [
    // The key stands in those that only sort: without it PostgreSQL, or SQLite by title, sorts all that are alike.
    { columns: ['registered', 'asset'] },
    { columns: ['changed', 'asset'] },
    { columns: ['titleKey', 'asset'] },
    { columns: ['status', 'registered'] },
    { columns: ['status', 'changed'] },
    { columns: ['kind', 'registered'] },
    { columns: ['template', 'registered'] },
    // The status stands in these so that a page of one tag and some statuses is found without looking at a row.
    { columns: ['tags', 'registered', 'status'] },
    { columns: ['tags', 'changed', 'status'] },
    { columns: ['campaigns', 'registered'] },
  ],
  search: 'title',
});

/** Where few assets come from, told when they are registered and never changed; no row where there is nothing of it. */
export const detail = table({
  columns: {
    asset: 'uuid',
    /** `VersionRef[]`. */
    derivedFrom: 'json?',
    /** Of the template, which the asset's own row names. */
    templateVersion: 'integer?',
    componentOf: 'uuid?',
    position: 'position',
    occurredAt: 'instant',
  },
  key: ['asset'],
});

/** Metadata, a row for each field: what a change writes follows from the change, not from all the asset holds. */
export const field = table({
  columns: {
    asset: 'uuid',
    name: 'word',
    /** text, date, number, boolean or list. */
    type: 'word',
    /** An approval vouches for it. */
    material: 'boolean',
    /** The value, as its type says. */
    value: 'json',
  },
  key: ['asset', 'name'],
  temporal: true,
});

/** Other paths that lead to an asset, as long as they do. */
export const alias = table({
  columns: { asset: 'uuid', path: 'text' },
  key: ['asset', 'path'],
  temporal: true,
  indexes: [{ columns: ['path'] }],
});

/** Markets that a version of an asset runs or ran in: written with the first placement there. */
export const market = table({
  columns: { asset: 'uuid', market: 'word', position: 'position', occurredAt: 'instant' },
  key: ['asset', 'market'],
});

/** Every version ever added: written once. Which of them stood at a past moment follows from `asset.version` then. */
export const version = table({
  columns: {
    asset: 'uuid',
    version: 'integer',
    digest: 'digest',
    bytes: 'integer',
    mediaType: 'word',
    width: 'integer?',
    height: 'integer?',
    orientation: 'integer?',
    note: 'text?',
    tool: 'word',
    toolVersion: 'word?',
    ai: 'word',
    system: 'word?',
    contributors: 'list?',
    author: 'word',
    authorKind: 'word',
    onBehalfOf: 'word?',
    occurredAt: 'instant',
    recordedAt: 'recordedAt',
    position: 'position',
  },
  key: ['asset', 'version'],
  indexes: [{ columns: ['digest'] }],
});

export const tables = { asset, detail, field, alias, market, version };

export type AssetRow = Row<typeof asset>;
export type DetailRow = Row<typeof detail>;
export type FieldRow = Row<typeof field>;
export type AliasRow = Row<typeof alias>;
export type VersionRow = Row<typeof version>;
