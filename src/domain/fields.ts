import { isBlank, type Layout, nfc, unseenIn } from './characters';
import { FINE, faultsOf, type InputFault, type Limit, limit, MOST_FAULTS, type Shape, under, wrong } from './input';
import { LONE_SURROGATE } from './json';

/** UTF-16 units of the title of an asset, and of the name of a campaign. */
export const MAX_TITLE = 500;
/** UTF-16 units of what a person says about an act. */
export const MAX_NOTE = 4_000;

/** One line: not blank, at most so many characters (UTF-16 units), and nothing in it that would not be seen. */
export function text(max: number): Limit {
  return limit('text', (value) => written(value, max, 'line'));
}

/** The same over several lines. */
export function prose(max: number): Limit {
  return limit('prose', (value) => written(value, max, 'prose'));
}

function written(value: unknown, max: number, layout: Layout): readonly InputFault[] {
  if (typeof value !== 'string') return wrong('must be a string');
  if (isBlank(value)) return wrong('must not be blank');
  if (value.length > max) return wrong(`must be at most ${max} characters`);
  const unseen = unseenIn(value, layout);
  if (unseen !== undefined) return wrong(`must not hold ${unseen}, a control or bidirectional character`);
  return LONE_SURROGATE.test(value) ? wrong('must not hold an unpaired surrogate') : FINE;
}

/** Like `text`, and without white space at either end, so that equal labels are equal strings. */
export function label(max: number): Limit {
  return limit('label', (value) => {
    const faults = written(value, max, 'line');
    return faults.length > 0 || (value as string).trim() === value ? faults : wrong('must be trimmed');
  });
}

/** What a person says about an act. */
export const note = prose(MAX_NOTE);

export function matching(pattern: RegExp, what: string): Limit {
  return limit('matching', (value) =>
    typeof value === 'string' && pattern.test(value) ? FINE : wrong(`must be ${what}`),
  );
}

export function oneOf(words: readonly string[]): Limit {
  return limit('oneOf', (value) =>
    typeof value === 'string' && words.includes(value) ? FINE : wrong(`must be one of ${words.join(', ')}`),
  );
}

/** The largest whole number of the contract, whose `Int` has 32 bits. */
const MAX_INT = 2 ** 31 - 1;

export function integer(min: number, max: number = MAX_INT): Limit {
  return limit('integer', (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? FINE
      : wrong(`must be a whole number from ${min} to ${max}`),
  );
}

/** A number of bytes. */
export const size = limit('size', integer(0, Number.MAX_SAFE_INTEGER).check, { form: 'size' });

/** A number that JSON keeps: a fraction is as exact as it was given, a whole number beyond 2^53 is not. */
export const number = limit('number', (value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong('must be a number');
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? wrong('must not be a whole number beyond 2^53')
    : FINE;
});

export const boolean = limit('boolean', (value) =>
  typeof value === 'boolean' ? FINE : wrong('must be true or false'),
);

export function list(max: number, entry: Limit): Limit {
  return limit('list', (value) => listFaults(value, max, entry), { ...entry, many: true });
}

function listFaults(value: unknown, max: number, { check }: Limit): readonly InputFault[] {
  if (!Array.isArray(value)) return wrong('must be a list');
  if (value.length > max) return wrong(`must have at most ${max} entries`);
  let faults = FINE;
  for (let index = 0; index < value.length && faults.length < MOST_FAULTS; index += 1) {
    const found = check(value[index]);
    if (found.length > 0) faults = [...faults, ...under(String(index), found)];
  }
  return faults;
}

/** A list without duplicates; `keyOf` gives the key to compare for entries that are not strings. */
export function distinct<T = string>(
  max: number,
  entry: Limit,
  keyOf: (entry: T) => unknown = (whole) => whole,
): Limit {
  return limit(
    'distinct',
    (value) => {
      const faults = listFaults(value, max, entry);
      if (!Array.isArray(value) || value.length > max) return faults;
      // An entry that is wrong in itself has no key to compare.
      const keys = value.map((each) => (faults.length > 0 && entry.check(each).length > 0 ? {} : keyOf(each)));
      return inOrder([...faults, ...repetitions(keys)]);
    },
    { ...entry, many: true },
  );
}

/** The faults of a list by the place of their entry. */
function inOrder(faults: readonly InputFault[]): readonly InputFault[] {
  return faults.toSorted((one, other) => Number(one.steps[0]) - Number(other.steps[0])).slice(0, MOST_FAULTS);
}

function repetitions(keys: readonly unknown[]): readonly InputFault[] {
  const seen = new Set<unknown>();
  let faults = FINE;
  for (const [index, key] of keys.entries()) {
    if (seen.size === seen.add(key).size) {
      faults = [...faults, ...under(String(index), wrong('is already in the list'))];
    }
  }
  return faults;
}

/** People by their opaque ids, none of them twice. */
export function actors(max: number): Limit {
  return limit('actors', distinct(max, text(200)).check, { form: 'actors' });
}

/** An object of a class whose fields have limits of their own. */
export function part(shape: Shape): Limit {
  return limit('part', (value) => faultsOf(shape, value), { part: shape });
}

/** An object used as a map from names to values. */
export function mapOf(max: number, name: Limit, entry: Limit): Limit {
  const check = (value: unknown): readonly InputFault[] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('must be an object');
    const entries = Object.entries(value);
    if (entries.length > max) return wrong(`must have at most ${max} fields`);
    let faults = FINE;
    for (const [key, member] of entries) {
      const named = key === '__proto__' ? wrong('must be another name') : name.check(key);
      const found = named.length > 0 ? named : nfc(key) === key ? entry.check(member) : OTHERWISE;
      if (found.length > 0) faults = [...faults, ...under(key, found)];
      if (faults.length >= MOST_FAULTS) return faults;
    }
    return faults;
  };
  return limit('mapOf', check, { form: 'named' });
}

/** Names come in normal form C, except one whose normal form is the name of another field. */
const OTHERWISE = wrong('is another field of the same name, written in another normal form');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The UUID of an object: of the category whose streams bear it, or of a kind that is part of one. */
export function uuid(of: string): Limit {
  return limit('uuid', matching(UUID, 'a UUID in lower case').check, { id: of });
}

export const digest = matching(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 lower-case hex characters');

/** A path is what a tool shows, byte for byte; what leaves for a terminal is escaped there. */
export const path = limit('path', (value) =>
  typeof value === 'string' && /^[^\0]{1,4096}$/s.test(value) && !LONE_SURROGATE.test(value)
    ? FINE
    : wrong('must be a path of 1 to 4096 characters, none of them NUL or an unpaired surrogate'),
);

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day that exists in the calendar, `YYYY-MM-DD`. */
export const calendarDay = limit('calendarDay', (value) => {
  const parts = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
  if (parts === null) return wrong('must be a day written YYYY-MM-DD');
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : MONTH_DAYS[month - 1];
  return days !== undefined && day >= 1 && day <= days ? FINE : wrong('is not a day of the calendar');
});

/** An instant, ISO 8601 in UTC with milliseconds, of a year that a calendar shows. */
export const instant = limit('instant', (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString() === value
    ? FINE
    : wrong('must be an instant written YYYY-MM-DDTHH:MM:SS.sssZ'),
);

/** The opaque id of one person, or of a program. */
export const actor = limit('actor', text(200).check, { form: 'actor' });
