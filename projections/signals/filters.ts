import { type Filter, type FilterOf, idOf, is, label, oneOf } from '../filters';
import type { FactRow } from './tables';

/** From the first UTC day, included, to the last, excluded. */
const days: Filter<'occurredAt', { readonly from?: string; readonly to?: string }> = {
  takes: 'window',
  conditions: ({ from, to }) => ({
    where: {
      occurredAt: [
        ...(from === undefined ? [] : [{ gte: `${from}T00:00:00.000Z` }]),
        ...(to === undefined ? [] : [{ lt: `${to}T00:00:00.000Z` }]),
      ],
    },
  }),
};

export const factFilters = {
  days,
  kindIn: oneOf('kind'),
  tool: label('tool'),
  templateId: idOf('template', 'asset'),
  actorId: is('actor', 'actor'),
};

/** Every family of facts has these columns. */
export type FactColumn = keyof FactRow;
export type FactFilter = FilterOf<typeof factFilters>;
