import type { Table } from '../../src/tables/projection';
import type { At, Grouping, ProjectionReader } from '../../src/tables/reader';
import { conditionsOf } from '../filters';
import type { List, Order } from '../list';
import {
  type Brands,
  columnOf,
  compared,
  type Dimension,
  type DimensionColumn,
  isDerived,
  valueIn,
} from './dimensions';
import { type FactColumn, type FactFilter, factFilters } from './filters';
import { approval, FAMILIES, type FactRow, type Family } from './tables';

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
  /** What is thrown where more groups than `MOST_GROUPS` would have to be added up. */
  readonly tooMany: () => Error;
}

/** Groups that are held in memory to be added up further, ordered by a mean or counted. */
export const MOST_GROUPS = 100_000;

/** The order of the dimensions, in the order in which they were asked for. */
const USUAL: Order = { by: 'dimensions', direction: 'asc' };
export const MEAN = 'meanSecondsToApproval';

interface Sum {
  readonly values: Signal;
  count: number;
  seconds: number;
}

type Groups = ReadonlyArray<
  { readonly [C in DimensionColumn]?: string | null } & {
    readonly count: number;
    readonly sum_seconds?: number;
  }
>;

/**
 * Facts of one family added up by the dimensions asked for; no dimension gives one total, 0 included. What the tables can
 * order and cut into pages is left to them; dimensions that follow from a column are added up from its groups.
 * Pages go by `offset`.
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
      const simple = !by.some(isDerived) && atLeast <= 1 && order.by !== MEAN;
      const rows = simple
        ? (await groupsOf(reader, question, filter, at, { order, offset, limit: first + 1 })).map(signalOf(question))
        : (await allOf(reader, question, filter, at)).sort(inOrder(by, order)).slice(offset, offset + first + 1);
      return { rows: rows.slice(0, first), hasNext: rows.length > first };
    },
    async count(reader, filter, at) {
      if (by.some(isDerived) || atLeast > 1) return (await allOf(reader, question, filter, at)).length;
      if (by.length === 0) return 1;
      const columns = by.map(columnOf) as readonly FactColumn[];
      return reader.count(tableOf(family), { ...conditionsOf<FactColumn>(factFilters, filter), by: columns, at });
    },
    mark: (_row, _order, index, after) => ({ offset: (after?.offset ?? 0) + index + 1 }),
    marks: () => ({ offset: 'integer' }),
  };
}

/** Every family has the columns of facts; which more it has, `dimensionsOf` says. */
function tableOf(family: Family): Table<typeof FAMILIES.creation.columns> {
  return FAMILIES[family] as Table<typeof FAMILIES.creation.columns>;
}

async function groupsOf(
  reader: ProjectionReader,
  { family, by }: SignalQuestion,
  filter: FactFilter | undefined,
  at: At | undefined,
  { order = USUAL, limit, offset }: { readonly order?: Order; readonly limit: number; readonly offset?: number },
): Promise<Groups> {
  const columns = [...new Set(by.map(columnOf))] as readonly FactColumn[];
  const asked = order.by === USUAL.by ? [] : [{ by: order.by, descending: order.direction === 'desc' }];
  const grouping: Grouping<FactRow> = {
    ...conditionsOf<FactColumn>(factFilters, filter),
    by: columns,
    order: [...asked, ...columns.map((column) => ({ by: column }))],
    limit,
    offset,
    at,
  };
  return family === 'approval'
    ? ((await reader.group(approval, { ...grouping, sum: ['seconds'] })) as Groups)
    : ((await reader.group(tableOf(family), grouping)) as Groups);
}

/** All signals, in the order in which the tables told of them. */
async function allOf(
  reader: ProjectionReader,
  question: SignalQuestion,
  filter: FactFilter | undefined,
  at: At | undefined,
): Promise<Signal[]> {
  const { by, atLeast = 0, family } = question;
  const groups = await groupsOf(reader, question, filter, at, { limit: MOST_GROUPS + 1 });
  if (groups.length > MOST_GROUPS) throw question.tooMany();
  const campaigns = new Set(groups.flatMap(({ campaign }) => campaign ?? []));
  const brands: Brands = by.includes('brand') ? await question.brandsOf([...campaigns], at) : new Map();
  const sums = new Map<string, Sum>();
  for (const group of groups) {
    const values = by.map((dimension) => [dimension, valueIn(dimension, group, brands)] as const);
    const name = JSON.stringify(values);
    let sum = sums.get(name);
    if (sum === undefined) {
      sum = { values: Object.fromEntries(values) as unknown as Signal, count: 0, seconds: 0 };
      sums.set(name, sum);
    }
    sum.count += group.count;
    sum.seconds += group.sum_seconds ?? 0;
  }
  return [...sums.values()].filter(({ count }) => count >= atLeast).map((sum) => timed(sum.values, family, sum));
}

function signalOf({ family, by }: SignalQuestion): (group: Groups[number]) => Signal {
  return (group) => {
    const values = Object.fromEntries(by.map((dimension) => [dimension, group[columnOf(dimension)] ?? null]));
    return timed(values as unknown as Signal, family, { count: group.count, seconds: group.sum_seconds ?? 0 });
  };
}

function timed(values: Signal, family: Family, { count, seconds }: { count: number; seconds: number }): Signal {
  return family === 'approval' && count > 0 ? { ...values, count, meanSeconds: seconds / count } : { ...values, count };
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
