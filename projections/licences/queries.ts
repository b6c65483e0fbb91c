import type { At, ProjectionReader } from '../../src/tables/reader';
import { type Filter, idOf, label, within } from '../filters';
import { listOf } from '../list';
import { cover, type LicenceRow, licence } from './tables';

/** Those that cover an asset. */
const covering: Filter<'licence', string> = {
  takes: { id: 'asset' },
  conditions: (asset) => ({ some: [{ table: cover, same: { licence: 'licence' }, where: { asset: { eq: asset } } }] }),
};

export const licences = listOf({
  name: 'licences',
  projection: 'licences',
  table: licence,
  orders: { granted: 'granted' },
  usual: { by: 'granted', direction: 'desc' },
  filters: { holder: label('holder'), assetId: covering, ends: within('ends') },
});

/** Assets that a licence covers, the latest first. */
export const covered = listOf({
  name: 'covered',
  projection: 'licences',
  table: cover,
  orders: { since: 'since' },
  usual: { by: 'since', direction: 'desc' },
  filters: { licenceId: idOf('licence', 'licence') },
});

/** Licences by their ids, in that order; undefined where there was none at that moment. */
export function licencesById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (LicenceRow | undefined)[]> {
  return reader.getMany(
    licence,
    ids.map((id) => ({ licence: id })),
    at,
  );
}
