import { isBlank, type Layout, nfc, unseenIn } from './characters';
import type { Refusal } from './refusal';

/** UTF-16 units of the title of an asset, and of the name of a campaign. */
export const MAX_TITLE = 500;

/** What is wrong with an input field, and where: the steps lead from the command to the field. */
export interface InputFault {
  readonly steps: readonly string[];
  readonly reason: string;
}

/** Undefined where the value is acceptable. */
export type Check = (value: unknown) => InputFault | undefined;

/**
 * The refusal for the first unacceptable field of a command; undefined where all are fine. What plain JSON cannot keep
 * is refused before, at the door (`checkJson`).
 */
export function inputRefusal(command: { readonly type: string }, check: Check): Refusal | undefined {
  const fault = check(command);
  if (fault === undefined) return undefined;
  const field = fault.steps.length === 0 ? 'the command' : fault.steps.join('.');
  return { code: 'INVALID_INPUT', message: `${field}: ${fault.reason}`, path: fault.steps };
}

/** An object with exactly these fields; `optional` wraps those that may be absent. */
export function record(fields: Readonly<Record<string, Check>>): Check {
  const known = Object.entries(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('must be an object');
    const members = value as Record<string, unknown>;
    for (const [name, check] of known) {
      const fault = check(members[name]);
      if (fault !== undefined) return under(name, fault);
    }
    for (const name of Object.keys(members)) {
      if (!Object.hasOwn(fields, name)) return under(name, wrong('is not a field of this command'));
    }
    return undefined;
  };
}

export function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

/** One line: not blank, at most so many characters (UTF-16 units), and nothing in it that would not be seen. */
export function text(max: number): Check {
  return (value) => written(value, max, 'line');
}

/** The same over several lines. */
export function prose(max: number): Check {
  return (value) => written(value, max, 'prose');
}

function written(value: unknown, max: number, layout: Layout): InputFault | undefined {
  if (typeof value !== 'string') return wrong('must be a string');
  if (isBlank(value)) return wrong('must not be blank');
  if (value.length > max) return wrong(`must be at most ${max} characters`);
  const unseen = unseenIn(value, layout);
  return unseen === undefined ? undefined : wrong(`must not hold ${unseen}, a control or bidirectional character`);
}

/** Like `text`, and without white space at either end, so that equal labels are equal strings. */
export function label(max: number): Check {
  const inner = text(max);
  return (value) => inner(value) ?? ((value as string).trim() === value ? undefined : wrong('must be trimmed'));
}

export function matching(pattern: RegExp, what: string): Check {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : wrong(`must be ${what}`));
}

export function oneOf(words: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && words.includes(value) ? undefined : wrong(`must be one of ${words.join(', ')}`);
}

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Check {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : wrong(`must be a whole number from ${min} to ${max}`);
}

export const number: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : wrong('must be a number');

export const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : wrong('must be true or false'));

export function list(max: number, check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return wrong('must be a list');
    if (value.length > max) return wrong(`must have at most ${max} entries`);
    for (let index = 0; index < value.length; index += 1) {
      const fault = check(value[index]);
      if (fault !== undefined) return under(String(index), fault);
    }
    return undefined;
  };
}

/** A list in which nothing stands twice; `keyOf` tells what is the same where entries are no strings. */
export function distinct<T = string>(
  max: number,
  check: Check,
  keyOf: (entry: T) => unknown = (entry) => entry,
): Check {
  const inner = list(max, check);
  return (value) => {
    const fault = inner(value);
    if (fault !== undefined) return fault;
    const keys = (value as readonly T[]).map(keyOf);
    const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index);
    return twice === -1 ? undefined : under(String(twice), wrong('stands in the list already'));
  };
}

/** An object used as a map from names to values. */
export function mapOf(max: number, nameCheck: Check, check: Check): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('must be an object');
    const entries = Object.entries(value);
    if (entries.length > max) return wrong(`must have at most ${max} fields`);
    for (const [name, member] of entries) {
      const fault = nameCheck(name) ?? otherwise(name) ?? check(member);
      if (fault !== undefined) return under(name, fault);
    }
    return undefined;
  };
}

/** Names come in normal form C; one that does not is left so because the same name stands beside it. */
function otherwise(name: string): InputFault | undefined {
  return nfc(name) === name ? undefined : wrong('is another field of the same name, written in another normal form');
}

export const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'a UUID in lower case');

export const digest = matching(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 lower-case hex characters');

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day that exists in the calendar, `YYYY-MM-DD`. */
export const calendarDay: Check = (value) => {
  const parts = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
  if (parts === null) return wrong('must be a day written YYYY-MM-DD');
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : MONTH_DAYS[month - 1];
  return days !== undefined && day >= 1 && day <= days ? undefined : wrong('is no day of the calendar');
};

export function wrong(reason: string): InputFault {
  return { steps: [], reason };
}

export function under(step: string, fault: InputFault): InputFault {
  return { steps: [step, ...fault.steps], reason: fault.reason };
}
