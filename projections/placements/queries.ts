import type { At, ProjectionReader } from '../../src/tables/reader';
import { type Filter, idOf, label, within } from '../filters';
import { listOf } from '../list';
import { type PlacementRow, placement } from './tables';

/** True for those that run (at the moment asked about), false for those that are over. */
const running: Filter<'ended', boolean> = {
  takes: 'value',
  conditions: (runs) => ({ where: { ended: { isNull: runs } } }),
};

/** What ran at a moment is `running: true` with `at: { occurredAt }`. */
export const placements = listOf({
  name: 'placements',
  projection: 'placements',
  table: placement,
  orders: { started: 'startedAt' },
  usual: { by: 'started', direction: 'desc' },
  filters: {
    assetId: idOf('asset', 'asset'),
    campaignId: idOf('campaign', 'campaign'),
    channel: label('channel'),
    market: label('market'),
    running,
    started: within('startedAt'),
  },
});

/** Placements by their ids, in that order; undefined where an id was unknown at that moment. */
export function placementsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (PlacementRow | undefined)[]> {
  return reader.getMany(
    placement,
    ids.map((id) => ({ placement: id })),
    at,
  );
}
