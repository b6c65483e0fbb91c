import type { CalendarUnit } from '../src/tables/reader';

const DAY_MS = 86_400_000;

/** Calendar days as UTC knows them, `YYYY-MM-DD`; a year beyond 9999 has six digits and a sign. */
const dayOf = (milliseconds: number): string => {
  const instant = new Date(milliseconds).toISOString();
  return instant.slice(0, instant.indexOf('T'));
};

export function dayAfter(day: string): string {
  return dayOf(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS);
}

/** Days since 1970 of an instant or a day. */
export function dayNumber(at: string): number {
  return Math.floor(Date.parse(at) / DAY_MS);
}

/** Months since the year 0 of an instant or a day. */
export function monthNumber(at: string): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The Monday that the ISO week of a day begins with. */
export function weekOf(day: string): string {
  const midnight = Date.parse(`${day}T00:00:00.000Z`);
  const sinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  return dayOf(midnight - sinceMonday * DAY_MS);
}

/** Year and number of the ISO week of a day, `YYYY-Www`: the week belongs to the year that its Thursday is in. */
export function isoWeekOf(day: string): string {
  const thursday = Date.parse(`${weekOf(day)}T00:00:00.000Z`) + 3 * DAY_MS;
  const year = yearOf(dayOf(thursday));
  const first = Date.parse(`${year}-01-01T00:00:00.000Z`);
  const number = Math.floor((thursday - first) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(number).padStart(2, '0')}`;
}

function yearOf(day: string): string {
  return day.slice(0, -6);
}

const yearText = (year: number): string =>
  year >= 0 && year <= 9999
    ? String(year).padStart(4, '0')
    : `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;

/** The name of a stretch of the calendar, from the number that tables tell it by. */
export const SPAN_NAMES: { readonly [U in CalendarUnit]: (number: number) => string } = {
  day: (number) => dayOf(number * DAY_MS),
  week: (number) => isoWeekOf(dayOf((number * 7 - 3) * DAY_MS)),
  month: (number) => `${yearText(Math.floor(number / 12))}-${String((number % 12) + 1).padStart(2, '0')}`,
  quarter: (number) => `${yearText(Math.floor(number / 4))}-Q${(number % 4) + 1}`,
  year: yearText,
};
