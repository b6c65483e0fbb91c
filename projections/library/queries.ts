import { MAX_FIELDS } from '../../src/domain/asset/parts';
import { nfcList } from '../../src/domain/characters';
import { sortKey } from '../../src/domain/collation';
import type { At, ProjectionReader, Selection } from '../../src/tables/reader';
import { is, label, oneOf, type Page, pageOf } from '../page';
import {
  type AssetRow,
  alias,
  asset,
  type DetailRow,
  detail,
  type FieldRow,
  field,
  type VersionRow,
  version,
} from './tables';

const MOST_ALIASES = 1_000;

/** What the assets must be; all conditions hold together. */
export interface AssetFilter {
  /** Words that must each begin a word of the title. */
  readonly text?: string;
  readonly kinds?: readonly string[];
  readonly statuses?: readonly string[];
  /** Every one of these tags. */
  readonly tags?: readonly string[];
  /** The current version was made with this tool. */
  readonly tool?: string;
  /** UUID of the template asset it was made from. */
  readonly template?: string;
  /** UUID of a campaign it runs or ran in. */
  readonly campaign?: string;
}

export type AssetSort = 'registered' | 'changed' | 'title';

/** The column that each order goes by. */
const ORDERS = { registered: 'registered', changed: 'changed', title: 'titleKey' } as const;

export interface AssetPage extends AssetFilter {
  readonly sort?: AssetSort;
  /** Newest (or last in the alphabet) first, unless told otherwise. */
  readonly descending?: boolean;
  readonly first: number;
  /** `asset` and what it is sorted by, of the row to go on behind: `registered`, `changed` or `title`. */
  readonly after?: Partial<AssetRow>;
}

/** One asset, or undefined where there was none at that moment. */
export function assetById(reader: ProjectionReader, id: string, at?: At): Promise<AssetRow | undefined> {
  return reader.get(asset, { asset: id }, at);
}

/** Many assets in the order of their ids, in one round trip; undefined where there was none. */
export function assetsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (AssetRow | undefined)[]> {
  return reader.getMany(
    asset,
    ids.map((id) => ({ asset: id })),
    at,
  );
}

/** A page of the library by filter, words and order. Pages of at most 100. */
export function assets(reader: ProjectionReader, args: AssetPage, at?: At): Promise<Page<AssetRow>> {
  return pageOf(reader, asset, {
    where: filtered(args),
    search: args.text,
    order: [{ by: ORDERS[args.sort ?? 'registered'], descending: args.descending ?? true }],
    limit: args.first,
    after: behind(args.after),
    at,
  });
}

function behind(row: Partial<AssetRow> | undefined): Partial<AssetRow> | undefined {
  return row?.title === undefined ? row : { ...row, titleKey: sortKey(row.title) };
}

/** How many assets the filter finds over all pages. */
export function countAssets(reader: ProjectionReader, filter: AssetFilter, at?: At): Promise<number> {
  return reader.count(asset, { where: filtered(filter), search: filter.text, at });
}

/** Where many assets come from, in one round trip; undefined where an asset comes from no other. It never changes. */
export function details(reader: ProjectionReader, ids: readonly string[]): Promise<readonly (DetailRow | undefined)[]> {
  return reader.getMany(
    detail,
    ids.map((id) => ({ asset: id })),
  );
}

/** Metadata of many assets in one round trip, in the order of their ids, each by name. */
export async function metadataOf(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (readonly FieldRow[])[]> {
  const rows = await reader.select(field, { where: { asset: { in: ids } }, limit: ids.length * MAX_FIELDS, at });
  const byAsset = new Map(ids.map((id): [string, FieldRow[]] => [id, []]));
  for (const row of rows) byAsset.get(row.asset)?.push(row);
  return ids.map((id) => byAsset.get(id) ?? []);
}

/** These fields of one asset, in the order of their names; undefined where one was not set. */
export function fieldsNamed(
  reader: ProjectionReader,
  asset: string,
  names: readonly string[],
  at?: At,
): Promise<readonly (FieldRow | undefined)[]> {
  return reader.getMany(
    field,
    names.map((name) => ({ asset, name })),
    at,
  );
}

/** Paths besides its own that lead to each asset, in the order of their ids, by path. At most 1,000 of one asset. */
export function aliasesOf(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (readonly string[])[]> {
  return Promise.all(
    ids.map(async (id) => {
      const rows = await reader.select(alias, { where: { asset: { eq: id } }, limit: MOST_ALIASES, at });
      return rows.map(({ path }) => path);
    }),
  );
}

/**
 * Versions by asset and number in one round trip. A version never changes; whether it was there at a past moment is
 * told by the asset's own `version` at that moment, which is not less than its number then.
 */
export function versionsByNumber(
  reader: ProjectionReader,
  keys: readonly { readonly asset: string; readonly version: number }[],
): Promise<readonly (VersionRow | undefined)[]> {
  return reader.getMany(version, keys);
}

/** Versions of one asset that were there at a moment, latest first. `before`: only lower numbers. */
export async function versionsOf(
  reader: ProjectionReader,
  args: { readonly asset: string; readonly before?: number; readonly first: number },
  at?: At,
): Promise<Page<VersionRow>> {
  const current = at === undefined ? undefined : ((await assetById(reader, args.asset, at))?.version ?? 0);
  return pageOf(reader, version, {
    where: {
      asset: { eq: args.asset },
      version: [...(current === undefined ? [] : [{ lte: current }]), ...below(args.before)],
    },
    order: [{ by: 'version', descending: true }],
    limit: args.first,
  });
}

function below(number: number | undefined) {
  return number === undefined ? [] : [{ lt: number }];
}

function filtered(filter: AssetFilter): Selection<AssetRow>['where'] {
  return {
    kind: oneOf(filter.kinds),
    status: oneOf(filter.statuses),
    tags: nfcList(filter.tags ?? []).map((tag) => ({ has: tag })),
    tool: label(filter.tool),
    template: is(filter.template),
    campaigns: filter.campaign === undefined ? [] : [{ has: filter.campaign }],
  };
}
