import type { At, ProjectionReader } from '../../src/tables/reader';
import { type Filter, idOf, label, oneOf, within } from '../filters';
import { listOf } from '../list';
import { item, type RecallRow, recall } from './tables';

/** Those that are about a placement of this asset, whichever was recalled. */
const touching: Filter<'recall', string> = {
  takes: { id: 'asset' },
  conditions: (asset) => ({ some: [{ table: item, same: { recall: 'recall' }, where: { asset: { eq: asset } } }] }),
};

export const recalls = listOf({
  name: 'recalls',
  projection: 'recalls',
  table: recall,
  orders: { opened: 'opened' },
  usual: { by: 'opened', direction: 'desc' },
  filters: {
    assetId: idOf('asset', 'asset'),
    touchesAssetId: touching,
    statusIn: oneOf('status'),
    dueBy: within('dueBy'),
  },
});

export const recallItems = listOf({
  name: 'recallItems',
  projection: 'recalls',
  table: item,
  orders: { since: 'since' },
  usual: { by: 'since', direction: 'asc' },
  filters: { recallId: idOf('recall', 'recall'), answerIn: oneOf('answer'), market: label('market') },
});

/** Recalls by their ids, in that order; undefined where there was none at that moment. */
export function recallsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (RecallRow | undefined)[]> {
  return reader.getMany(
    recall,
    ids.map((id) => ({ recall: id })),
    at,
  );
}

/** Recalls, and placements of one recall, that are looked at in one go. */
const MOST = 1_000;

export function openRecalls(reader: ProjectionReader): Promise<readonly RecallRow[]> {
  return reader.select(recall, { where: { status: { eq: 'open' } }, order: [{ by: 'opened' }], limit: MOST });
}

/** What a recall is about, with whether it is taken down or refused. */
export async function itemsOf(reader: ProjectionReader, of: string) {
  const rows = await reader.select(item, { where: { recall: { eq: of } }, order: [{ by: 'since' }], limit: 10 * MOST });
  return rows.map(({ placement, answer }) => ({
    placement,
    isResolved: answer === 'takenDown' || answer === 'refused',
  }));
}
