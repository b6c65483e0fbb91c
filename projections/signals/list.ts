import type { Table } from '../../src/tables/projection';
import type { At, Conditions, ProjectionReader } from '../../src/tables/reader';
import { SPAN_NAMES } from '../calendar';
import { conditionsOf, together } from '../filters';
import type { List, Order } from '../list';
import { countsOf, type Group, isCountedBy, type Values } from './counts';
import { type Brands, columnOf, compared, type Dimension, type DimensionColumn, isUnit, UNITS } from './dimensions';
import { type FactColumn, type FactFilter, factFilters } from './filters';
import { approval, FAMILIES, type FactRow, type Family, VERSION_TO_APPROVAL } from './tables';

/** Facts with the same dimensions: those asked for are set. */
export type Signal = { readonly [D in Dimension]?: string | null } & {
  readonly count: number;
  /** Approvals only: mean seconds from the version to its approval. */
  readonly meanSeconds?: number;
};

export interface SignalQuestion {
  readonly family: Family;
  readonly by: readonly Dimension[];
  /** Groups of fewer facts are left out. */
  readonly atLeast?: number;
  /** What the campaigns with these ids are for, at a moment. */
  readonly brandsOf: (campaigns: readonly string[], at?: At) => Promise<Brands>;
  /** The campaigns that are for a brand, at a moment. */
  readonly campaignsFor: (brand: string, at?: At) => Promise<readonly string[]>;
  /** What is thrown where more groups than `MOST_GROUPS` would have to be added up. */
  readonly tooMany: () => Error;
}

/** Groups that are held in memory to be added up further, ordered by a mean or counted. */
export const MOST_GROUPS = 100_000;

/** The order of the dimensions, in the order in which they were asked for. */
const USUAL: Order = { by: 'dimensions', direction: 'asc' };
export const MEAN = 'meanSecondsToApproval';

interface Sum {
  readonly values: Values;
  count: number;
  milliseconds: number;
}

/**
 * Facts of one family added up by the dimensions asked for; no dimension gives one total, 0 included. What the tables can
 * order and cut into pages is left to them; brands are added up from the campaigns that are for them. Pages go by `offset`.
 */
export function signalsBy(question: SignalQuestion): List<Signal, FactFilter> {
  const { family, by, atLeast = 0 } = question;
  return {
    name: `signals ${family} ${by}`,
    projection: 'signals',
    filters: factFilters,
    usual: USUAL,
    async page(reader, { filter, order = USUAL, first, after }, at) {
      const offset: number = after?.offset ?? 0;
      const isCounted = at === undefined && isCountedBy(by, filter);
      const simple = !isCounted && !by.includes('brand') && atLeast <= 1 && order.by !== MEAN;
      const rows = simple
        ? (await groupsOf(reader, question, filter, at, { order, offset, limit: first + 1 })).map(signalOf(question))
        : (await allOf(reader, question, filter, at)).sort(inOrder(by, order)).slice(offset, offset + first + 1);
      return { rows: rows.slice(0, first), hasNext: rows.length > first };
    },
    async count(reader, filter, at) {
      if (by.length === 0 && atLeast <= 1) return 1;
      const columns = by.filter((dimension): dimension is DimensionColumn & keyof FactRow => !isUnit(dimension));
      const isCounted = at === undefined && isCountedBy(by, filter);
      if (isCounted || columns.length < by.length || by.includes('brand') || atLeast > 1) {
        return (await allOf(reader, question, filter, at)).length;
      }
      return reader.count(tableOf(family), { ...(await conditions(question, filter, at)), by: columns, at });
    },
    mark: (_row, _order, index, after) => ({ offset: (after?.offset ?? 0) + index + 1 }),
    marks: () => ({ offset: 'integer' }),
  };
}

/** Every family has the columns of facts; which more it has, `dimensionsOf` says. */
function tableOf(family: Family): Table<typeof FAMILIES.creation.columns> {
  return FAMILIES[family] as Table<typeof FAMILIES.creation.columns>;
}

/** What a filter asks of the facts; campaigns are named where a brand was. */
async function conditions(
  { campaignsFor }: SignalQuestion,
  filter: FactFilter | undefined,
  at: At | undefined,
): Promise<Conditions<keyof FactRow>> {
  const { brand } = filter ?? {};
  const asked = conditionsOf<FactColumn>(factFilters, filter);
  if (brand === undefined) return asked as Conditions<keyof FactRow>;
  const campaigns = { where: { campaign: { in: await campaignsFor(brand, at) } } };
  return together<string>([asked, campaigns]) as Conditions<keyof FactRow>;
}

async function groupsOf(
  reader: ProjectionReader,
  question: SignalQuestion,
  filter: FactFilter | undefined,
  at: At | undefined,
  { order = USUAL, limit, offset }: { readonly order?: Order; readonly limit: number; readonly offset?: number },
): Promise<readonly Group[]> {
  const { family, by } = question;
  const units = UNITS.filter((unit) => by.includes(unit));
  const columns = [...new Set(by.flatMap((dimension) => (isUnit(dimension) ? [] : columnOf(dimension))))];
  const name = (dimension: string) => (isUnit(dimension) ? `in_${dimension}` : dimension);
  const asked = order.by === USUAL.by ? [] : [{ by: name(order.by), descending: order.direction === 'desc' }];
  const usual = by.map((dimension) => ({ by: isUnit(dimension) ? name(dimension) : columnOf(dimension) }));
  const grouping = {
    ...(await conditions(question, filter, at)),
    by: columns as readonly (keyof FactRow)[],
    spans: units.map((unit) => ({ of: 'occurredAt', unit })),
    order: [...asked, ...usual],
    limit,
    offset,
    at,
  };
  const groups =
    family === 'approval'
      ? await reader.group(approval, { ...grouping, lasting: { ...VERSION_TO_APPROVAL, percents: [] } })
      : await reader.group(tableOf(family), grouping);
  return groups.map((group) => {
    const stretches = units.map((unit) => [unit, SPAN_NAMES[unit](group[`in_${unit}`]!)]);
    return { ...group, ...Object.fromEntries(stretches) } as unknown as Group;
  });
}

/** All signals, in the order in which the tables told of them. */
async function allOf(
  reader: ProjectionReader,
  question: SignalQuestion,
  filter: FactFilter | undefined,
  at: At | undefined,
): Promise<Signal[]> {
  const { by, atLeast = 0, family } = question;
  const counted = at === undefined ? await countsOf(reader, family, by, filter) : undefined;
  const groups: readonly Group[] =
    counted ?? (await groupsOf(reader, question, filter, at, { limit: MOST_GROUPS + 1 }));
  if (groups.length > MOST_GROUPS) throw question.tooMany();
  const campaigns = new Set(groups.flatMap(({ campaign }) => campaign ?? []));
  const brands: Brands = by.includes('brand') ? await question.brandsOf([...campaigns], at) : new Map();
  const sums = new Map<string, Sum>();
  const valueIn = (dimension: Dimension, group: Group) =>
    (dimension === 'brand' ? brands.get(group.campaign ?? '') : group[dimension]) ?? null;
  for (const group of groups) {
    const values = by.map((dimension) => [dimension, valueIn(dimension, group)] as const);
    const name = JSON.stringify(values);
    let sum = sums.get(name);
    if (sum === undefined) {
      sum = { values: Object.fromEntries(values), count: 0, milliseconds: 0 };
      sums.set(name, sum);
    }
    sum.count += group.count;
    sum.milliseconds += group.sum_lasting ?? 0;
  }
  return [...sums.values()]
    .filter(({ count }) => atLeast <= 1 || count >= atLeast)
    .map((sum) => timed(sum.values, family, sum));
}

function signalOf({ family, by }: SignalQuestion): (group: Group) => Signal {
  return (group) => {
    const values = Object.fromEntries(by.map((dimension) => [dimension, group[dimension] ?? null]));
    return timed(values, family, { count: group.count, milliseconds: group.sum_lasting ?? 0 });
  };
}

function timed(values: Values, family: Family, { count, milliseconds }: Omit<Sum, 'values'>): Signal {
  return family === 'approval' && count > 0
    ? { ...values, count, meanSeconds: milliseconds / count / 1000 }
    : { ...values, count };
}

/** As the tables order groups: by what was asked, then by the dimensions. */
function inOrder(by: readonly Dimension[], order: Order): (one: Signal, other: Signal) => number {
  const sign = order.direction === 'desc' ? -1 : 1;
  const first = (one: Signal, other: Signal): number => {
    if (order.by === USUAL.by) return 0;
    if (order.by === 'count') return one.count - other.count;
    if (order.by === MEAN) return (one.meanSeconds ?? 0) - (other.meanSeconds ?? 0);
    return compared(one[order.by as Dimension], other[order.by as Dimension]);
  };
  return (one, other) => {
    const asked = sign * first(one, other);
    if (asked !== 0) return asked;
    for (const dimension of by) {
      const next = compared(one[dimension], other[dimension]);
      if (next !== 0) return next;
    }
    return 0;
  };
}
