import fc from 'fast-check';
import type { CalendarUnit } from '../src/tables/reader';
import { spanSql } from '../src/tables/spans';
import { dayAfter, isoWeekOf, SPAN_NAMES, weekOf } from './calendar';

it.each([
  // Known from ISO 8601 and its calendars: the week with the first Thursday of a year is its first.
  ['2005-01-01', '2004-W53'],
  ['2005-01-02', '2004-W53'],
  ['2005-01-03', '2005-W01'],
  ['2007-01-01', '2007-W01'],
  ['2008-12-28', '2008-W52'],
  ['2008-12-29', '2009-W01'],
  ['2009-12-31', '2009-W53'],
  ['2010-01-03', '2009-W53'],
  ['2010-01-04', '2010-W01'],
  ['2012-01-01', '2011-W52'],
  ['2015-12-31', '2015-W53'],
  ['2016-01-03', '2015-W53'],
  ['2020-12-31', '2020-W53'],
  ['2021-01-03', '2020-W53'],
  ['2021-01-04', '2021-W01'],
  ['2024-12-29', '2024-W52'],
  ['2024-12-30', '2025-W01'],
  ['2026-12-31', '2026-W53'],
  ['+010000-01-01', '9999-W52'],
])('puts %s into week %s', (day, week) => {
  expect(isoWeekOf(day)).toBe(week);
});

it('gives a week seven days in a row, from Monday on', () => {
  const days = fc.date({ min: new Date('1900-01-01'), max: new Date('9999-12-01'), noInvalidDate: true });
  fc.assert(
    fc.property(days, (date) => {
      const day = date.toISOString().slice(0, 10);
      const monday = weekOf(day);
      const week = [monday];
      while (week.length < 7) week.push(dayAfter(week.at(-1)!));
      expect(new Date(monday).getUTCDay()).toBe(1);
      expect(week).toContain(day);
      expect(new Set(week.map(isoWeekOf)).size).toBe(1);
      expect(isoWeekOf(dayAfter(week[6]!))).not.toBe(isoWeekOf(day));
    }),
  );
});

it('knows the day after', () => {
  expect(dayAfter('2024-02-28')).toBe('2024-02-29');
  expect(dayAfter('9999-12-31')).toBe('+010000-01-01');
});

/** What an engine computes: division of whole numbers leaves the rest out. */
const computed = (unit: CalendarUnit, milliseconds: number): number => {
  const whole = spanSql(unit, `(${milliseconds})`).replace(/\d+/g, '$&n');
  return Number(new Function(`return ${whole};`)());
};

it('names the stretches of the calendar that tables tell by numbers', () => {
  const dates = fc.date({ min: new Date('0000-01-01'), max: new Date('+012000-12-31'), noInvalidDate: true });
  const known = ['1969-12-31', '1970-01-01', '2000-02-29', '2000-03-01', '2100-03-01', '9999-12-31', '+010000-01-01'];
  fc.assert(
    fc.property(dates, (date) => {
      const [day] = date.toISOString().split('T') as [string];
      const [month, year] = [day.slice(0, -3), day.slice(0, -6)];
      const quarter = `${year}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
      const named = (unit: CalendarUnit) => SPAN_NAMES[unit](computed(unit, date.getTime()));
      const units = ['day', 'week', 'month', 'quarter', 'year'] as const;
      expect(units.map(named)).toEqual([day, isoWeekOf(day), month, quarter, year]);
    }),
    { numRuns: 2000, examples: known.map((day) => [new Date(day)]) },
  );
});
