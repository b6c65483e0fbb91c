/**
 * ISO 8601 in UTC with milliseconds, to and from a number. Equal to `Date.prototype.toISOString`, but reading a log
 * formats two instants per event, and most days come again and again: so the day is remembered and the time looked up.
 */

const DAY = 86_400_000;
const REMEMBERED_DAYS = 4_096;
const two = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const three = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));
const days = new Map<number, string>();

export function isoOf(ms: number): string {
  const day = Math.floor(ms / DAY);
  let prefix = days.get(day);
  if (prefix === undefined) {
    prefix = new Date(day * DAY).toISOString().slice(0, -13);
    if (days.size >= REMEMBERED_DAYS) days.clear();
    days.set(day, prefix);
  }
  const rest = ms - day * DAY;
  const minutes = Math.floor(rest / 60_000);
  const seconds = Math.floor((rest % 60_000) / 1_000);
  return `${prefix}${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${two[seconds]}.${three[rest % 1_000]}Z`;
}

/** Undefined where the text is not exactly what `isoOf` would write. */
export function msOf(iso: string): number | undefined {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) || isoOf(ms) !== iso ? undefined : ms;
}

const thousands = { of: -1, prefix: '' };

/** Position number as 20 digits. */
export function positionOf(number: number): string {
  const thousand = Math.floor(number / 1_000);
  if (thousand !== thousands.of) {
    thousands.of = thousand;
    thousands.prefix = String(thousand).padStart(17, '0');
  }
  return thousands.prefix + three[number % 1_000];
}
