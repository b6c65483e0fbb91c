import { sortKey } from '../../src/domain/collation';
import type { At, ProjectionReader } from '../../src/tables/reader';
import { label, oneOf, type Page, pageOf } from '../page';
import { type CampaignRow, campaign, type TallyRow, tally } from './tables';

/** What the campaigns must be; all conditions hold together. */
export interface CampaignFilter {
  readonly statuses?: readonly string[];
  readonly brand?: string;
  /** Words that must each begin a word of the name. */
  readonly text?: string;
}

/** A page of campaigns by name. `after`: `name` and `campaign` of the row to go on behind. */
export function campaigns(
  reader: ProjectionReader,
  args: CampaignFilter & { readonly first: number; readonly after?: Partial<CampaignRow> },
  at?: At,
): Promise<Page<CampaignRow>> {
  return pageOf(reader, campaign, {
    where: { status: oneOf(args.statuses), brand: label(args.brand) },
    search: args.text,
    order: [{ by: 'nameKey' }],
    limit: args.first,
    after: args.after?.name === undefined ? args.after : { ...args.after, nameKey: sortKey(args.after.name) },
    at,
  });
}

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
