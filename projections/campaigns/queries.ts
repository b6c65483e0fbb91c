import type { At, ProjectionReader } from '../../src/tables/reader';
import { label, matches, oneOf } from '../filters';
import { listOf } from '../list';
import { type CampaignRow, campaign, type TallyRow, tally } from './tables';

export const campaigns = listOf({
  name: 'campaigns',
  projection: 'campaigns',
  table: campaign,
  orders: { name: 'nameKey' },
  usual: { by: 'name', direction: 'asc' },
  filters: { statusIn: oneOf('status'), brand: label('brand'), nameMatches: matches },
});

/** Campaigns by their ids, in that order; undefined where there was none at that moment. */
export function campaignsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (CampaignRow | undefined)[]> {
  return reader.getMany(
    campaign,
    ids.map((id) => ({ campaign: id })),
    at,
  );
}

/** Placements there were and are in each campaign, in the order of the ids; undefined where there was none. */
export function tallies(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (TallyRow | undefined)[]> {
  return reader.getMany(
    tally,
    ids.map((id) => ({ campaign: id })),
    at,
  );
}
