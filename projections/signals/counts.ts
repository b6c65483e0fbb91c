import type { ProjectionReader } from '../../src/tables/reader';
import { dayNumber, isoWeekOf, monthNumber, SPAN_NAMES } from '../calendar';
import { conditionsOf } from '../filters';
import { type Dimension, isUnit, UNITS } from './dimensions';
import { type FactFilter, factFilters } from './filters';
import { daily, type Family, monthly } from './tables';

/** By what each table of counts can tell facts apart, and what of a filter it understands. */
const MONTHLY = { by: ['month', 'quarter', 'year', 'kind', 'tool'], filter: ['kindIn', 'tool'] };
const DAILY = { by: [...UNITS] as string[], filter: ['days'] };

/** Facts of one family with the same dimensions. */
export interface Group extends Values {
  readonly count: number;
  /** Of approvals. */
  readonly sum_lasting?: number | null;
}

export type Values = { readonly [D in Dimension]?: string | null };

function fits(table: typeof MONTHLY, by: readonly Dimension[], filter: FactFilter): boolean {
  const named = Object.keys(filter);
  return by.every((dimension) => table.by.includes(dimension)) && named.every((name) => table.filter.includes(name));
}

/** Whether the fold has counted what is asked for, so that the facts need not be looked at. */
export function isCountedBy(by: readonly Dimension[], filter: FactFilter = {}): boolean {
  return fits(MONTHLY, by, filter) || fits(DAILY, by, filter);
}

/** The present counts of a family by these dimensions; undefined where only the facts can tell. */
export async function countsOf(
  reader: ProjectionReader,
  family: Family,
  by: readonly Dimension[],
  filter: FactFilter = {},
): Promise<readonly Group[] | undefined> {
  if (fits(MONTHLY, by, filter)) return months(reader, family, by, filter);
  return fits(DAILY, by, filter) ? days(reader, family, by, filter) : undefined;
}

const SUMS = ['count', 'milliseconds'] as const;
/** More rows than any table of counts has. */
const ALL = 10_000_000;

async function months(
  reader: ProjectionReader,
  family: Family,
  by: readonly Dimension[],
  filter: FactFilter,
): Promise<readonly Group[]> {
  const { where } = conditionsOf<'kind' | 'tool'>({ kindIn: factFilters.kindIn, tool: factFilters.tool }, filter);
  const columns = (['month', 'kind', 'tool'] as const).filter((column) =>
    column === 'month' ? by.some(isUnit) : by.includes(column),
  );
  const groups = await reader.group(monthly, {
    where: { ...where, family: { eq: family } },
    by: columns,
    sum: SUMS,
    limit: ALL,
  });
  return groups.map(({ month = 0, kind, tool, sum_count = 0, sum_milliseconds = 0 }) => ({
    ...named(month),
    ...{ kind, tool },
    count: sum_count,
    sum_lasting: sum_milliseconds,
  }));
}

async function days(
  reader: ProjectionReader,
  family: Family,
  by: readonly Dimension[],
  { days: window = {} }: FactFilter,
): Promise<readonly Group[]> {
  const { from, to } = window;
  const groups = await reader.group(daily, {
    where: {
      family: { eq: family },
      day: [
        ...(from === undefined ? [] : [{ gte: dayNumber(from) }]),
        ...(to === undefined ? [] : [{ lt: dayNumber(to) }]),
      ],
    },
    by: by.length > 0 ? ['day'] : [],
    sum: SUMS,
    limit: ALL,
  });
  return groups.map(({ day = 0, sum_count = 0, sum_milliseconds = 0 }) => {
    const date = SPAN_NAMES.day(day);
    const stretches = { ...named(monthNumber(date)), day: date, week: isoWeekOf(date) };
    return { ...stretches, count: sum_count, sum_lasting: sum_milliseconds };
  });
}

const named = (month: number) => ({
  month: SPAN_NAMES.month(month),
  quarter: SPAN_NAMES.quarter(Math.floor(month / 3)),
  year: SPAN_NAMES.year(Math.floor(month / 12)),
});
