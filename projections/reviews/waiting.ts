import { canonicalId } from '../../src/domain/identity';
import type { RowsOf } from '../../src/tables/projection';
import type { PathState, ReviewRow, tables } from './tables';

type Reviews = RowsOf<typeof tables>;

export const ANYBODY = 'anybody';
export const personTerm = (id: string): string => `person ${canonicalId(id)}`;
export const roleTerm = (name: string): string => `role ${name}`;
export const groupTerm = (name: string): string => `group ${name}`;

/** The terms by which candidates are waited for, each once. */
function termsOf(paths: readonly PathState[]): readonly string[] {
  const terms = paths.flatMap(({ candidates: { people = [], roles = [], groups = [], anybody = false } }) => [
    ...people.map(personTerm),
    ...roles.map(roleTerm),
    ...groups.map(groupTerm),
    ...(anybody ? [ANYBODY] : []),
  ]);
  return [...new Set(terms)];
}

export function waitFor(review: string, paths: readonly PathState[], since: string, rows: Reviews): void {
  for (const term of termsOf(paths)) rows.waiting.put({ review, term, since });
}

export function noLongerWaiting({ review, paths }: ReviewRow, rows: Reviews): void {
  for (const term of termsOf(paths as PathState[])) rows.waiting.delete({ review, term });
}
