import { assetsTouched, type Behind } from '../../projections/history/queries';
import { assets } from '../../projections/library/list';
import { assetsById } from '../../projections/library/queries';
import type { AssetRow } from '../../projections/library/tables';
import type { FilterFor, Page } from '../../projections/list';
import type { At, ProjectionReader } from '../tables/reader';

/** Columns of an asset that are compared, under their schema names. */
export const COMPARED = ['title', 'status', 'tags', 'version', 'tool', 'campaigns', 'livePlacements'] as const;

export type ChangeKind = 'added' | 'removed' | 'changed';

/** An asset with events between two moments, in its state at both. */
export interface Differing {
  readonly asset: string;
  readonly kind: ChangeKind;
  readonly before: AssetRow | undefined;
  readonly after: AssetRow;
}

export interface Between {
  readonly library: ProjectionReader;
  readonly history: ProjectionReader;
  /** The earlier moment, and the position of each end. */
  readonly from: At;
  readonly behind: Behind;
  readonly to: At;
  readonly filter?: FilterFor<typeof assets>;
  readonly kinds?: readonly ChangeKind[];
  /** What is thrown where more assets than `MOST_TOUCHED` would have to be looked at for one page. */
  readonly tooMany: (looked: number) => Error;
  readonly most?: number;
}

/** Number of assets examined at once. */
const BATCH = 1000;
/** Assets that one page looks at; each batch of them goes through what happened between the moments. */
const MOST_TOUCHED = 20_000;

/** A page of the assets that differ, ordered by id. */
export async function differing(between: Between, first: number, after?: string): Promise<Page<Differing>> {
  const rows: Differing[] = [];
  let last = after;
  for (let looked = 0; ; ) {
    if (looked >= (between.most ?? MOST_TOUCHED)) throw between.tooMany(looked);
    const limit = Math.min(BATCH, 2 * first + 1);
    const ids = await assetsTouched(between.history, between.behind, between.to, { after: last, limit });
    rows.push(...(await differingAmong(between, ids)));
    if (rows.length > first || ids.length < limit) break;
    last = ids.at(-1);
    looked += ids.length;
  }
  return { rows: rows.slice(0, first), hasNext: rows.length > first };
}

async function differingAmong(between: Between, ids: readonly string[]): Promise<readonly Differing[]> {
  const { library, from, to, kinds } = between;
  const [before, after, wanted] = await Promise.all([
    assetsById(library, ids, from),
    assetsById(library, ids, to),
    meeting(between, ids),
  ]);
  return ids.flatMap((asset, index) => {
    const [old, now] = [before[index], after[index]];
    if (now === undefined || !wanted.has(asset)) return [];
    const kind = kindOf(old, now);
    return kinds === undefined || kinds.includes(kind) ? [{ asset, kind, before: old, after: now }] : [];
  });
}

/** Assets that match the filter at either moment. */
async function meeting({ library, from, to, filter }: Between, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (filter === undefined || ids.length === 0) return new Set(ids);
  const asked = { filter: { ...filter, includeRetired: true as const, among: ids }, first: ids.length };
  const pages = await Promise.all([from, to].map((at) => assets.page(library, asked, at)));
  return new Set(pages.flatMap(({ rows }) => rows.map(({ asset }) => asset)));
}

function kindOf(old: AssetRow | undefined, now: AssetRow): ChangeKind {
  if (old === undefined) return 'added';
  return now.status === 'retired' && old.status !== 'retired' ? 'removed' : 'changed';
}

/** The compared columns that differ; for an asset that did not exist, those that are not empty. */
export function fieldsOf({ before, after }: Differing): readonly string[] {
  const empty: Partial<AssetRow> = { tags: [], campaigns: [], version: 0, livePlacements: 0, tool: null };
  const old: Partial<AssetRow> = before ?? empty;
  return COMPARED.filter((column) => JSON.stringify(old[column]) !== JSON.stringify(after[column]));
}
