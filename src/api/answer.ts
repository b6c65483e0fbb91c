import { MAX_ANSWER } from './limits';

/** What a number, a name or a bracket counts, in characters. */
const EACH = 8;

/** True where the texts of an answer are longer than one answer may be; looks no further than that. */
export function isTooLarge(data: unknown): boolean {
  return left(data, MAX_ANSWER) < 0;
}

/** What is left of an allowance, in characters, when a value has been written; negative where it was not enough. */
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
