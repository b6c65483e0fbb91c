import type { Conditions } from '../../src/tables/reader';
import { type Filter, type FilterOf, idOf, is, label, oneOf } from '../filters';
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

export const factFilters = {
  days: daysOf('occurredAt'),
  kindIn: oneOf('kind'),
  tool: label('tool'),
  templateId: idOf('template', 'asset'),
  actorId: is('actor', 'actor'),
};

/** Every family of facts has these columns. */
export type FactColumn = keyof FactRow;
export type FactFilter = FilterOf<typeof factFilters>;
