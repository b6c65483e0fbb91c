import { campaignsById, campaignsOfBrand } from '../../projections/campaigns/queries';
import type { List } from '../../projections/list';
import { type Dimension, dimensionsOf } from '../../projections/signals/dimensions';
import { type FactFilter, FILTERED } from '../../projections/signals/filters';
import { MEAN, MOST_GROUPS, type Signal, signalsBy } from '../../projections/signals/list';
import type { Family } from '../../projections/signals/tables';
import type { ApiDependencies } from './dependencies';
import { valueNamed } from './enums';
import { fault } from './errors';
import { distinct } from './filters';
import type { ListArguments } from './listing';

export type SignalArguments = ListArguments & {
  readonly family: Family;
  readonly by?: readonly Dimension[] | null;
  readonly having?: { readonly minCount: number } | null;
};

/** The list for a query about signals. Throws BAD_USER_INPUT for arguments that do not fit the family. */
/** Campaigns of a brand that facts can be looked for in. */
const MOST_CAMPAIGNS = 10_000;

export function signalsAsked(args: SignalArguments, { runtime }: ApiDependencies): List<Signal, FactFilter> {
  const { family, having, orderBy } = args;
  const by = dimensionsAsked(family, args.by);
  expectFilters(family, args.filter);
  if (orderBy != null) expectOrder(family, by, orderBy.by);
  if (having != null && having.minCount < 1) {
    throw fault('BAD_USER_INPUT', `having.minCount must be 1 or more, not ${having.minCount}.`, ['having', 'minCount']);
  }
  return signalsBy({
    family,
    by,
    atLeast: having?.minCount,
    async brandsOf(campaigns, at) {
      const found = await campaignsById(runtime.reader('campaigns'), campaigns, at);
      return new Map(campaigns.map((id, index) => [id, found[index]?.brand ?? null]));
    },
    async campaignsFor(brand, at) {
      const found = await campaignsOfBrand(runtime.reader('campaigns'), brand, MOST_CAMPAIGNS + 1, at);
      if (found.length <= MOST_CAMPAIGNS) return found;
      const reason = `filter.brand: more than ${MOST_CAMPAIGNS} campaigns are for it; add up by BRAND instead.`;
      throw fault('BAD_USER_INPUT', reason, ['filter', 'brand']);
    },
    tooMany: () =>
      fault(
        'BAD_USER_INPUT',
        `by: these are more than ${MOST_GROUPS} groups to add up; ask for fewer dimensions or a narrower filter.`,
        ['by'],
      ),
  });
}

/** The requested dimensions without duplicates; `day` by default. */
export function dimensionsAsked(family: Family, by: readonly Dimension[] | null | undefined): readonly Dimension[] {
  const asked = distinct<Dimension>(by ?? ['day']);
  const had = dimensionsOf(family);
  const wrong = asked.find((dimension) => !had.includes(dimension));
  if (wrong === undefined) return asked;
  const names = had.map(valueNamed).join(', ');
  throw fault('BAD_USER_INPUT', `by: ${valueNamed(family)} has no ${valueNamed(wrong)}; it has ${names}.`, ['by']);
}

/** Throws BAD_USER_INPUT for a filter by what facts of this family do not have. */
export function expectFilters(family: Family, filter: ListArguments['filter']): void {
  const had = dimensionsOf(family);
  for (const [name, value] of Object.entries(filter ?? {})) {
    const dimension = FILTERED[name as keyof typeof FILTERED];
    if (value === null || dimension === undefined || had.includes(dimension)) continue;
    throw fault('BAD_USER_INPUT', `filter.${name}: ${valueNamed(family)} has no ${valueNamed(dimension)}.`, [
      'filter',
      name,
    ]);
  }
}

function expectOrder(family: Family, by: readonly Dimension[], order: string): void {
  if (order === 'count' || by.includes(order as Dimension) || (order === MEAN && family === 'approval')) return;
  const reason =
    order === MEAN
      ? `${valueNamed(family)} has no ${valueNamed(order)}, which only APPROVAL has`
      : `${valueNamed(order)} is not among the dimensions in by`;
  throw fault('BAD_USER_INPUT', `orderBy.by: ${reason}.`, ['orderBy', 'by']);
}
