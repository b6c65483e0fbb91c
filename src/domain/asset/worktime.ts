import type { Standings } from '../standings';

type Definition = Standings['workflow']['versions'][number]['definition'];
type Deadline = NonNullable<Definition['stages'][number]['deadline']>;
type Calendar = NonNullable<Definition['calendar']>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Nobody is waited for longer: a calendar may hold hardly any time of work. */
const MOST_DAYS = 3_660;

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/**
 * By when a stage that opens at an instant must be satisfied. It is computed once, when the stage opens, and kept in the
 * event: a later calendar, or other rules of summer time, change no deadline.
 */
export function dueAt(opened: string, deadline: Deadline, calendar: Calendar | undefined): string {
  const from = Date.parse(opened);
  const { hours, workingHours, workingDays } = deadline;
  if (hours !== undefined || calendar === undefined) return instantOf(from + (hours ?? 0) * HOUR);
  const due =
    workingHours === undefined ? afterDays(from, workingDays ?? 0, calendar) : afterHours(from, workingHours, calendar);
  return instantOf(due);
}

/** The instants of reminders, so many hours before the deadline; those before the opening are left out. */
export function remindersAt(opened: string, due: string, deadline: Deadline): readonly string[] {
  const before = (deadline.remindBefore ?? []).map((hours) => instantOf(Date.parse(due) - hours * HOUR));
  return before.filter((instant) => instant > opened).sort();
}

/** The end of work on a day that so many days of work lie behind the one of the opening. */
function afterDays(opened: number, days: number, calendar: Calendar): number {
  let left = days;
  for (const { day, from, to } of workFrom(opened, calendar)) {
    if (day === dayOf(opened, calendar.timeZone) || to <= opened) continue;
    left -= 1;
    if (left <= 0) return to;
    if (from - opened > MOST_DAYS * DAY) return to;
  }
  return opened + MOST_DAYS * DAY;
}

function afterHours(opened: number, hours: number, calendar: Calendar): number {
  let left = hours * HOUR;
  for (const { from, to } of workFrom(opened, calendar)) {
    const start = Math.max(from, opened);
    if (start >= to) continue;
    if (left <= to - start) return start + left;
    left -= to - start;
  }
  return opened + MOST_DAYS * DAY;
}

interface Work {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly from: number;
  readonly to: number;
}

/** The days of work from that of an instant on. */
function* workFrom(instant: number, { timeZone, weekdays, from, to, holidays = [] }: Calendar): Iterable<Work> {
  const first = Date.parse(dayOf(instant, timeZone));
  for (let count = 0; count < MOST_DAYS; count += 1) {
    const noon = new Date(first + count * DAY);
    const day = noon.toISOString().slice(0, 10);
    if (!weekdays.includes(DAYS[noon.getUTCDay()]!) || holidays.includes(day)) continue;
    yield { day, from: instantAt(day, from, timeZone), to: instantAt(day, to, timeZone) };
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall shows at an instant, read as if it were UTC. */
function wallAt(instant: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    const two = '2-digit';
    const parts = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const;
    clock = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone, hourCycle: 'h23' });
    clocks.set(timeZone, clock);
  }
  const shown = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second } = shown;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
}

function dayOf(instant: number, timeZone: string): string {
  return new Date(wallAt(instant, timeZone)).toISOString().slice(0, 10);
}

/**
 * The instant at which the clock on the wall shows a time. Where it is set forward over this time, as long after the
 * change as the time lies behind it.
 */
function instantAt(day: string, time: string, timeZone: string): number {
  const wall = Date.parse(`${day}T${time}:00.000Z`);
  const guess = wall - (wallAt(wall, timeZone) - wall);
  return wall - (wallAt(guess, timeZone) - guess);
}

const instantOf = (time: number): string => new Date(time).toISOString();
