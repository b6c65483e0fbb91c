import type { CalendarUnit } from '../../src/tables/reader';
import { FAMILIES, type Family } from './tables';

/** Stretches of the calendar that the time of a fact lies in. */
export const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const satisfies readonly CalendarUnit[];

/** Columns of facts that are dimensions as they are. */
const COLUMNS = [
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

/** The brand that a campaign is for is told by the campaign. */
export type Dimension = CalendarUnit | DimensionColumn | 'brand';

export function isUnit(dimension: string): dimension is CalendarUnit {
  return UNITS.some((unit) => unit === dimension);
}

/** The column that a dimension which is no stretch of the calendar is, or follows from. */
export function columnOf(dimension: Exclude<Dimension, CalendarUnit>): DimensionColumn {
  return dimension === 'brand' ? 'campaign' : dimension;
}

/** The dimensions that facts of a family have. */
export function dimensionsOf(family: Family): readonly Dimension[] {
  const all: readonly Dimension[] = [...UNITS, ...COLUMNS, 'brand'];
  return all.filter((dimension) => isUnit(dimension) || columnOf(dimension) in FAMILIES[family].columns);
}

/** The brand of each campaign that has one. */
export type Brands = ReadonlyMap<string, string | null>;

/** Nothing known comes first, as in the tables; then the order of the characters' numbers. */
export function compared(one: string | null | undefined, other: string | null | undefined): number {
  if (one === other || (one ?? null) === (other ?? null)) return 0;
  if (one === null || one === undefined) return -1;
  if (other === null || other === undefined) return 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
