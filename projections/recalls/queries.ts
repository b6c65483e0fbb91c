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
