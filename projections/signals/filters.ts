import type { Conditions } from '../../src/tables/reader';
import { type Filter, type FilterOf, idOf, is, label, oneOf } from '../filters';
import type { Dimension, DimensionColumn } from './dimensions';
import type { FactRow } from './tables';

interface Days {
  readonly from?: string;
  readonly to?: string;
}

/** From the first UTC day, included, to the last, excluded. */
export function daysOf<C extends string>(column: C): Filter<C, Days> {
  return {
    takes: 'window',
    conditions: ({ from, to }) =>
      ({
        where: {
          [column]: [
            ...(from === undefined ? [] : [{ gte: `${from}T00:00:00.000Z` }]),
            ...(to === undefined ? [] : [{ lt: `${to}T00:00:00.000Z` }]),
          ],
        },
      }) as unknown as Conditions<C>,
  };
}

/** The campaigns that are for a brand are told by the campaigns, which another projection has. */
const forBrand: Filter<never, string> = { takes: 'label', conditions: () => ({}) };

/** Facts of some families only have the columns of the last ones: see `FILTERED`. */
export const factFilters = {
  days: daysOf('occurredAt'),
  kindIn: oneOf('kind'),
  tool: label('tool'),
  templateId: idOf('template', 'asset'),
  actorId: is('actor', 'actor'),
  mediaType: label('mediaType'),
  market: label('market'),
  channel: label('channel'),
  campaignId: idOf('campaign', 'campaign'),
  brand: forBrand,
  role: label('role'),
  source: label('source'),
};

/** The dimension that a family must have so that its facts can be asked for by a filter. */
export const FILTERED: { readonly [F in keyof typeof factFilters]?: Dimension } = {
  mediaType: 'mediaType',
  market: 'market',
  channel: 'channel',
  campaignId: 'campaign',
  brand: 'brand',
  role: 'role',
  source: 'source',
};

/** Columns that facts of some family have. */
export type FactColumn = keyof FactRow | DimensionColumn;
export type FactFilter = FilterOf<typeof factFilters>;
