/**
 * A list that only grows at its end. Each state of a stream keeps its own end and shares everything before it, so that
 * folding a long history copies nothing; what is asked for most, the latest, is nearest.
 */
export type Trail<T> = { readonly last: T; readonly before: Trail<T>; readonly length: number } | undefined;

export function grown<T>(trail: Trail<T>, last: T): Trail<T> {
  return { last, before: trail, length: lengthOf(trail) + 1 };
}

export function lengthOf(trail: Trail<unknown>): number {
  return trail?.length ?? 0;
}

/** The entry with this number, counted from 1. */
export function entryOf<T>(trail: Trail<T>, number: number): T | undefined {
  let rest = trail;
  while (rest !== undefined && rest.length > number) rest = rest.before;
  return rest?.length === number ? rest.last : undefined;
}

export function holds<T>(trail: Trail<T>, entry: T): boolean {
  for (let rest = trail; rest !== undefined; rest = rest.before) if (rest.last === entry) return true;
  return false;
}
