import { isoWeekOf, monthOf, quarterOf, yearOf } from '../calendar';
import { FAMILIES, type Family } from './tables';

/** Columns of facts that are dimensions as they are. */
const COLUMNS = [
  'day',
  'kind',
  'tool',
  'template',
  'actor',
  'mediaType',
  'market',
  'channel',
  'campaign',
  'role',
  'source',
] as const;
export type DimensionColumn = (typeof COLUMNS)[number];

/** Dimensions that follow from a column: a stretch of days, and the brand that a campaign is for. */
const DERIVED = { week: 'day', month: 'day', quarter: 'day', year: 'day', brand: 'campaign' } as const;

export type Dimension = DimensionColumn | keyof typeof DERIVED;

const STRETCHES: { readonly [dimension: string]: (day: string) => string } = {
  week: isoWeekOf,
  month: monthOf,
  quarter: quarterOf,
  year: yearOf,
};

/** The column that a dimension is, or follows from. */
export function columnOf(dimension: Dimension): DimensionColumn {
  return isDerived(dimension) ? DERIVED[dimension] : dimension;
}

export function isDerived(dimension: Dimension): dimension is keyof typeof DERIVED {
  return dimension in DERIVED;
}

/** The dimensions that facts of a family have. */
export function dimensionsOf(family: Family): readonly Dimension[] {
  const all = [...COLUMNS, ...(Object.keys(DERIVED) as readonly Dimension[])];
  return all.filter((dimension) => columnOf(dimension) in FAMILIES[family].columns);
}

export type Values = { readonly [D in Dimension]?: string | null };
/** The brand of each campaign that has one. */
export type Brands = ReadonlyMap<string, string | null>;

/** What a dimension of a group is, told from the columns it was counted by. */
export function valueIn(dimension: Dimension, group: Values, brands: Brands): string | null {
  const value = group[columnOf(dimension)] ?? null;
  if (value === null || !isDerived(dimension)) return value;
  return dimension === 'brand' ? (brands.get(value) ?? null) : STRETCHES[dimension]!(value);
}

/** Nothing known comes first, as in the tables; then the order of the characters' numbers. */
export function compared(one: string | null | undefined, other: string | null | undefined): number {
  if (one === other || (one ?? null) === (other ?? null)) return 0;
  if (one === null || one === undefined) return -1;
  if (other === null || other === undefined) return 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
