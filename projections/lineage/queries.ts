import type { At, ProjectionReader } from '../../src/tables/reader';
import { idOf, oneOf } from '../filters';
import { listOf } from '../list';
import { link } from './tables';

/** What an asset comes from and holds, or with `originId` where it went. */
export const lineage = listOf({
  name: 'lineage',
  projection: 'lineage',
  table: link,
  orders: { since: 'since' },
  usual: { by: 'since', direction: 'desc' },
  filters: { assetId: idOf('asset', 'asset'), originId: idOf('origin', 'asset'), relationIn: oneOf('relation') },
});

/** Different assets derived from each asset or made with it as template, in the order of the ids. */
export async function derivativesOf(
  reader: ProjectionReader,
  origins: readonly string[],
  at?: At,
): Promise<readonly number[]> {
  const groups = await reader.group(link, {
    where: { origin: { in: origins }, relation: { in: ['parent', 'template'] } },
    by: ['origin'],
    distinct: ['asset'],
    limit: origins.length,
    at,
  });
  const byOrigin = new Map(groups.map((group) => [group.origin, group.distinct_asset]));
  return origins.map((origin) => byOrigin.get(origin) ?? 0);
}

/** Assets that are followed from one that is recalled. */
const MOST_REACHED = 10_000;

/** An asset and everything that was made from it or holds it, at whatever depth; undefined where that is too much. */
export async function reachedFrom(
  reader: ProjectionReader,
  asset: string,
  at?: At,
): Promise<readonly string[] | undefined> {
  const reached = new Set([asset]);
  let frontier: readonly string[] = [asset];
  while (frontier.length > 0) {
    const rows = await reader.select(link, { where: { origin: { in: frontier } }, limit: MOST_REACHED, at });
    frontier = [...new Set(rows.map((row) => row.asset))].filter((each) => !reached.has(each));
    for (const each of frontier) reached.add(each);
    if (rows.length === MOST_REACHED || reached.size > MOST_REACHED) return undefined;
  }
  return [...reached];
}
