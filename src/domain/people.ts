import { actors, boolean, distinct, label } from './fields';
import { type InputFault, optional } from './input';

/** The most people that are named in one place. */
export const MOST_NAMED = 20;
/** The most roles or groups that are named in one place. */
export const MOST_LISTS = 10;

/** Who may decide: anybody of these. Roles and groups are those of the rulebook, as they are at the moment of the act. */
export class Candidates {
  @optional(actors(MOST_NAMED)) readonly people?: readonly string[];
  @optional(distinct(MOST_LISTS, label(100))) readonly roles?: readonly string[];
  @optional(distinct(MOST_LISTS, label(100))) readonly groups?: readonly string[];
  /** Any person whom nothing excludes. */
  @optional(boolean) readonly anybody?: boolean;
}

/** Nobody could ever decide. */
export function nobody({ people = [], roles = [], groups = [], anybody = false }: Candidates): boolean {
  return !anybody && people.length + roles.length + groups.length === 0;
}

export function emptyFault(candidates: Candidates, steps: readonly string[]): readonly InputFault[] {
  return nobody(candidates) ? [{ steps, reason: 'names nobody: give people, roles, groups or anybody' }] : [];
}
