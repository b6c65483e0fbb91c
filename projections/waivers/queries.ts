import type { At, ProjectionReader } from '../../src/tables/reader';
import { type Filter, hasAny, idOf, within } from '../filters';
import { listOf } from '../list';
import { type WaiverRow, waiver } from './tables';

/** True for those that nobody has taken back; whether their time is over is told by `until`. */
const standing: Filter<'endedAt', boolean> = {
  takes: 'value',
  conditions: (stands) => ({ where: { endedAt: { isNull: stands } } }),
};

export const waivers = listOf({
  name: 'waivers',
  projection: 'waivers',
  table: waiver,
  orders: { since: 'since' },
  usual: { by: 'since', direction: 'desc' },
  filters: { assetId: idOf('asset', 'asset'), standing, until: within('until'), rulesAny: hasAny('rules', 20) },
});

/** Waivers by their ids, in that order; undefined where there was none at that moment. */
export function waiversById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (WaiverRow | undefined)[]> {
  return reader.getMany(
    waiver,
    ids.map((id) => ({ waiver: id })),
    at,
  );
}
