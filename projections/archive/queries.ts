import type { At, ProjectionReader } from '../../src/tables/reader';
import { idOf, is, oneOf, within } from '../filters';
import { listOf } from '../list';
import { entry, running } from './tables';

/** What has left production. */
export const archived = listOf({
  name: 'archive',
  projection: 'archive',
  table: entry,
  orders: { since: 'since' },
  usual: { by: 'since', direction: 'desc' },
  filters: {
    kindIn: oneOf('what'),
    assetId: idOf('asset', 'asset'),
    digest: is('digest'),
    actorId: is('by', 'actor'),
    since: within('since'),
  },
});

/** The key of a digest's content in a content-addressed store. */
export function locatorOf(digest: string): string {
  return `sha256/${digest.slice(0, 2)}/${digest.slice(2)}`;
}

/** How many placements run each content, of whichever version, in the order of the digests. */
export async function runningOf(
  reader: ProjectionReader,
  digests: readonly string[],
  at?: At,
): Promise<readonly number[]> {
  const groups = await reader.group(running, {
    where: { digest: { in: digests } },
    by: ['digest'],
    limit: digests.length,
    at,
  });
  const counts = new Map(groups.map((group) => [group.digest, group.count]));
  return digests.map((digest) => counts.get(digest) ?? 0);
}
