import type { Random } from './random';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const DAYS = 365;

/**
 * Relative workload of each week of a year, starting in January, with peaks before Easter, the summer sale, in autumn
 * and above all before Christmas.
 */
const WEEKS = [
  4, 7, 8, 9, 10, 10, 11, 12, 14, 15, 14, 16, 15, 12, 9, 8, 9, 10, 11, 12, 14, 15, 15, 14, 12, 10, 8, 6, 5, 4, 3, 3, 4,
  7, 11, 13, 14, 15, 15, 16, 18, 20, 22, 24, 26, 28, 24, 20, 14, 9, 4, 1, 2,
];
/** Monday to Sunday. */
const WEEKDAYS = [9, 11, 11, 11, 8, 1, 0.6];
/** From 7:00 to 20:00 UTC. */
const HOURS = [2, 6, 10, 12, 11, 6, 7, 11, 12, 10, 7, 4, 2];
const FIRST_HOUR = 7;

/** The working year that starts at midnight UTC of a given day; times are milliseconds since 1970. */
export class Calendar {
  readonly end: number;
  private readonly cumulated: Float64Array;

  constructor(readonly start: number) {
    this.end = start + DAYS * DAY;
    this.cumulated = new Float64Array(DAYS);
    let sum = 0;
    for (let day = 0; day < DAYS; day += 1) {
      sum += this.busyness(day);
      this.cumulated[day] = sum;
    }
  }

  dayOf(time: number): number {
    return Math.floor((time - this.start) / DAY);
  }

  /** A time at which somebody starts a piece of work. */
  anyTime(random: Random): number {
    const drawn = random.next() * this.cumulated[DAYS - 1]!;
    let [low, high] = [0, DAYS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cumulated[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return this.atWork(low, random);
  }

  /** A time a number of days after another, on a working day and during working hours; always later. */
  after(time: number, days: number, random: Random): number {
    // A short delay stays within the same working day; a longer one continues on another morning or afternoon.
    if (days < 0.25) return time + Math.max(60_000, Math.floor(days * DAY));
    let day = this.dayOf(time) + Math.max(1, Math.round(days));
    while (this.weekday(day) >= 5 && !random.chance(0.08)) day += 1;
    return this.atWork(day, random);
  }

  private atWork(day: number, random: Random): number {
    const hour = FIRST_HOUR + random.weighted(HOURS);
    return this.start + day * DAY + hour * HOUR + random.whole(0, HOUR - 1);
  }

  private weekday(day: number): number {
    // 1 January 1970 was a Thursday.
    return (Math.floor(this.start / DAY) + day + 3) % 7;
  }

  private busyness(day: number): number {
    return WEEKS[Math.floor(this.dayOfYear(day) / 7)]! * WEEKDAYS[this.weekday(day)]!;
  }

  /** Counted from 0; the simulated year may start on any day of a calendar year. */
  private dayOfYear(day: number): number {
    const date = new Date(this.start + day * DAY);
    return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / DAY);
  }
}
