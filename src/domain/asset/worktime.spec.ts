import { threeStages } from '../../../test/domain/commands';
import { dueAt, remindersAt } from './worktime';

const calendar = threeStages.calendar!;
const onSilence = 'remind' as const;
const berlin = (opened: string, length: object) => dueAt(opened, { ...length, onSilence }, calendar);

it('counts hours of the clock, also over the change to summer time', () => {
  expect(berlin('2026-03-28T20:00:00.000Z', { hours: 24 })).toBe('2026-03-29T20:00:00.000Z');
});

it('ends a working day at the end of work, in summer time an hour earlier in UTC', () => {
  // Friday before the change: the next working day is Monday 30 March, 17:00 in Berlin.
  expect(berlin('2026-03-27T10:00:00.000Z', { workingDays: 1 })).toBe('2026-03-30T15:00:00.000Z');
  expect(berlin('2026-03-20T10:00:00.000Z', { workingDays: 1 })).toBe('2026-03-23T16:00:00.000Z');
  // And back: Friday 23 October to Monday 26 October.
  expect(berlin('2026-10-23T10:00:00.000Z', { workingDays: 1 })).toBe('2026-10-26T16:00:00.000Z');
});

it('leaves out weekends and holidays', () => {
  // Maundy Thursday; Good Friday and Easter Monday are holidays.
  expect(berlin('2026-04-02T08:00:00.000Z', { workingDays: 1 })).toBe('2026-04-07T15:00:00.000Z');
});

it('counts working hours over nights, weekends and the change of the clock', () => {
  // Friday 16:00 in Berlin: one hour is left that day, the second is Monday 9 to 10, in summer time.
  expect(berlin('2026-03-27T15:00:00.000Z', { workingHours: 2 })).toBe('2026-03-30T08:00:00.000Z');
  expect(berlin('2026-03-30T05:00:00.000Z', { workingHours: 1 })).toBe('2026-03-30T08:00:00.000Z');
  expect(berlin('2026-03-30T08:30:00.000Z', { workingHours: 1 })).toBe('2026-03-30T09:30:00.000Z');
});

it('does not count the day on which the stage opened, however early', () => {
  expect(berlin('2026-03-30T04:00:00.000Z', { workingDays: 1 })).toBe('2026-03-31T15:00:00.000Z');
});

it('knows the day where people work, not the one of UTC', () => {
  const tokyo = { ...calendar, timeZone: 'Asia/Tokyo', holidays: [] };
  // Sunday evening in UTC is Monday morning in Tokyo, so Tuesday is the next working day.
  expect(dueAt('2026-03-29T22:00:00.000Z', { workingDays: 1, onSilence }, tokyo)).toBe('2026-03-31T08:00:00.000Z');
});

it('waits at most ten years where there is hardly any work', () => {
  const hardly = { ...calendar, weekdays: ['monday' as const], from: '09:00', to: '09:01' };
  const due = dueAt('2026-03-30T04:00:00.000Z', { workingHours: 2_000, onSilence }, hardly);
  expect(due.slice(0, 4)).toBe('2036');
});

it('reminds so many hours before, but not before the stage opened', () => {
  const deadline = { hours: 24, remindBefore: [4, 20, 30], onSilence };
  expect(remindersAt('2026-03-02T09:00:00.000Z', '2026-03-03T09:00:00.000Z', deadline)).toEqual([
    '2026-03-02T13:00:00.000Z',
    '2026-03-03T05:00:00.000Z',
  ]);
});
