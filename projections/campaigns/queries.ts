import { nfc } from '../../src/domain/characters';
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

/** Ids of the campaigns that are for a brand, at a moment; at most `limit`. */
export async function campaignsOfBrand(
  reader: ProjectionReader,
  brand: string,
  limit: number,
  at?: At,
): Promise<readonly string[]> {
  const where = { brand: { eq: nfc(brand) } };
  const groups = await reader.group(campaign, { where, by: ['campaign'], limit, at });
  return groups.map((group) => group.campaign!);
}
