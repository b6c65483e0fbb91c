/**
 * Reading a million instants costs as much as folding them, if each is parsed from scratch. Most share their day with
 * others, so the day is remembered and only the time is read.
 */

const REMEMBERED_DAYS = 4_096;
const days = new Map<string, number>();
// No instant begins with the first one.
const last = { date: '\n', day: Number.NaN };

/** Milliseconds since 1970; undefined for what is no instant. */
export function millisecondsOf(iso: string): number | undefined {
  if (iso.length !== 24 || iso.charCodeAt(23) !== 90) return parsed(iso);
  const time = timeOf(iso);
  if (time === undefined) return parsed(iso);
  const day = iso.startsWith(last.date) ? last.day : dayOf(iso.slice(0, 11));
  return day === undefined ? undefined : day + time;
}

/** Milliseconds at the beginning of `YYYY-MM-DDT`; undefined for what is no date. */
function dayOf(date: string): number | undefined {
  let day = days.get(date);
  if (day === undefined) {
    day = Date.parse(`${date}00:00:00.000Z`);
    if (Number.isNaN(day)) return undefined;
    if (days.size >= REMEMBERED_DAYS) days.clear();
    days.set(date, day);
  }
  last.date = date;
  last.day = day;
  return day;
}

function parsed(iso: string): number | undefined {
  const milliseconds = Date.parse(iso);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Milliseconds of `…THH:MM:SS.mmmZ`; undefined where a digit or the range is not right. */
function timeOf(iso: string): number | undefined {
  const hours = two(iso, 11);
  const minutes = two(iso, 14);
  const seconds = two(iso, 17);
  const thousandths = two(iso, 20) * 10 + (iso.charCodeAt(22) - 48);
  const separated = iso[13] === ':' && iso[16] === ':' && iso[19] === '.';
  if (!separated || !(hours < 24 && minutes < 60 && seconds < 60 && thousandths < 1_000 && thousandths >= 0)) {
    return undefined;
  }
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + thousandths;
}

/** The number in two digits; not a number where they are none. */
function two(iso: string, at: number): number {
  const tens = iso.charCodeAt(at) - 48;
  const ones = iso.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
