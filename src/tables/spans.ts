import type { CalendarUnit, Measured } from './reader';

const DAY_MS = 86_400_000;
/** The first of March of the year 400 before the year 0: no date of ours lies before it, so division never rounds up. */
const ERA_DAYS = 146_097;
const BEFORE_1970 = 719_468 + ERA_DAYS;
const MONTHS_BEFORE = 400 * 12;
/** Whole weeks up to the Monday that begins the week of 1970-01-01, counted from there. */
const WEEKS_BEFORE = 123_652;

/**
 * The number of a stretch as an expression on milliseconds since 1970, in whole numbers alone, so that every engine
 * computes the same: days since 1970-01-01, weeks since that day's, and months, quarters and years since the year 0.
 */
export function spanSql(unit: CalendarUnit, milliseconds: string): string {
  const days = `((${milliseconds} + ${BEFORE_1970 * DAY_MS}) / ${DAY_MS})`;
  if (unit === 'day') return `(${days} - ${BEFORE_1970})`;
  if (unit === 'week') return `((${days} + 2) / 7 - ${WEEKS_BEFORE})`;
  // Years begin in March, so that the day that some years have more stands at their end.
  const dayOfEra = `(${days} % ${ERA_DAYS})`;
  const yearOfEra = `((${dayOfEra} - ${dayOfEra} / 1460 + ${dayOfEra} / 36524 - ${dayOfEra} / 146096) / 365)`;
  const dayOfYear = `(${dayOfEra} - (365 * ${yearOfEra} + ${yearOfEra} / 4 - ${yearOfEra} / 100))`;
  const month = `((${days} / ${ERA_DAYS} * 400 + ${yearOfEra}) * 12 + (5 * ${dayOfYear} + 2) / 153 + 2 - ${MONTHS_BEFORE})`;
  return unit === 'month' ? month : `(${month} / ${unit === 'quarter' ? 3 : 12})`;
}

/** What a grouping with spans or percentages reads in place of the rows: text of SQL that every engine understands. */
export interface MeasuredSql {
  /** Follows `FROM`. */
  readonly from: string;
  /** What it is grouped by beside its columns, and what it tells beside them. */
  readonly spans: readonly Told[];
  readonly times: readonly Told[];
}

interface Told {
  readonly name: string;
  readonly text: string;
}

/** @param rows a statement @param read the columns that the grouping reads, quoted @param by those that it is grouped by */
export function measuredSql(
  rows: string,
  read: readonly string[],
  by: readonly string[],
  { spans = [], lasting }: Measured,
): MeasuredSql {
  if (spans.length === 0 && !lasting) return { from: `(${rows}) t`, spans: [], times: [] };
  const told = spans.map(({ unit }) => ({ name: `in_${unit}`, text: `t._${unit}` }));
  const numbers = spans.map(({ of, unit }) => `${spanSql(unit, `t."${of}"`)} AS _${unit}`);
  const time = lasting ? [`t."${lasting.to}" - t."${lasting.from}" AS _lasting`] : [];
  const plain = `(SELECT ${[...new Set(read), ...numbers, ...time].join(', ')} FROM (${rows}) t) t`;
  if (!lasting) return { from: plain, spans: told, times: [] };
  const names = [...by, ...told.map(({ text }) => text)];
  const partition = names.length > 0 ? `PARTITION BY ${names.join(', ')}` : '';
  const ranked =
    `(SELECT t.*, row_number() OVER (${partition} ORDER BY t._lasting) AS _rank, ` +
    `count(*) OVER (${partition}) AS _among FROM ${plain}) t`;
  const percents = lasting.percents.map((percent) => ({
    name: `p${percent}`,
    text: `max(CASE WHEN t._rank = ${percent === 0 ? '1' : `(t._among * ${percent} + 99) / 100`} THEN t._lasting END)`,
  }));
  const from = percents.length > 0 ? ranked : plain;
  return { from, spans: told, times: [{ name: 'sum_lasting', text: 'sum(t._lasting)' }, ...percents] };
}
