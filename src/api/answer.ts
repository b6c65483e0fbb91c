import { MAX_ANSWER } from './limits';

/** Number of characters charged for a number, a name or a bracket. */
const EACH = 8;

/** True if the texts of an answer exceed the limit of one answer; stops there. */
export function isTooLarge(data: unknown): boolean {
  return left(data, MAX_ANSWER) < 0;
}

/** The remaining allowance, in characters, after a value is written; negative if it was exceeded. */
function left(value: unknown, allowance: number): number {
  if (typeof value === 'string') return allowance - EACH - value.length;
  let rest = allowance - EACH;
  if (typeof value !== 'object' || value === null) return rest;
  for (const name in value) {
    rest = left((value as Record<string, unknown>)[name], rest);
    if (rest < 0) return rest;
  }
  return rest;
}
