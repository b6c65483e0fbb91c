import type { Actor } from '../event';
import { canonicalId } from '../identity';
import type { Candidates } from '../people';
import { covers } from '../scope';
import { lengthOf } from '../trail';
import type { OpenPath } from './reviewevents';
import type { Rulebook, Rules, Stage } from './rules';
import { type AssetState, makersOf } from './state';

/** Ids in canonical form. */
export type People = ReadonlySet<string>;

/** Candidates of a definition are asked for again and again, and mean the same people until the rulebook changes. */
const known = new WeakMap<Candidates, { readonly rulebook: Rulebook | undefined; readonly people: People }>();

/** Everybody whom candidates name by themselves, by their role or by their group, as the rulebook has them. */
export function namedBy(candidates: Candidates, rulebook: Rulebook | undefined): People {
  const before = known.get(candidates);
  if (before !== undefined && before.rulebook === rulebook) return before.people;
  const people = lookedUp(candidates, rulebook);
  known.set(candidates, { rulebook, people });
  return people;
}

function lookedUp({ people = [], roles = [], groups = [] }: Candidates, rulebook: Rulebook | undefined): People {
  const of = (lists: Rulebook['roles'], names: readonly string[]) =>
    lists.filter(({ name }) => names.includes(name)).flatMap((list) => list.people);
  const listed = [...of(rulebook?.roles ?? [], roles), ...of(rulebook?.groups ?? [], groups)];
  return new Set([...people, ...listed].map(canonicalId));
}

/** Who may decide in a path: its own candidates, and those to whom the stage was escalated. */
export interface Voters {
  readonly named: People;
  readonly anybody: boolean;
}

export function votersOf(path: OpenPathLike, stage: Stage, escalated: boolean, rulebook: Rulebook | undefined): Voters {
  const more = escalated ? stage.deadline?.escalateTo : undefined;
  const named = namedBy(path.candidates, rulebook);
  return {
    named: more === undefined ? named : new Set([...named, ...namedBy(more, rulebook)]),
    anybody: path.candidates.anybody === true || more?.anybody === true,
  };
}

type OpenPathLike = Pick<OpenPath, 'candidates'>;

/** Paths of a stage for which somebody counts in their own right. */
export function pathsOf(person: string, stage: Stage, escalated: boolean, rulebook: Rulebook | undefined) {
  const id = canonicalId(person);
  return stage.paths.flatMap((path) => {
    const { named, anybody } = votersOf(path, stage, escalated, rulebook);
    return anybody || named.has(id) ? [path.id] : [];
  });
}

/**
 * Everybody who takes no part: makers of the content and of all versions since the last approval, who changed material
 * metadata, who asked for the review, and everybody who acted for one of them or for whom one of them acted.
 */
export function excludedFrom(state: AssetState, requestedBy: readonly string[]): People {
  const involved = new Set([...state.materialBy, ...requestedBy].map(canonicalId));
  const current = state.versions?.last.digest;
  for (const maker of makersOf(state, current)) involved.add(canonicalId(maker));
  for (let rest = state.versions; lengthOf(rest) > state.approvedVersion; rest = rest?.before) {
    for (const maker of rest?.last.makers ?? []) involved.add(canonicalId(maker));
  }
  const acted = state.acted.flatMap(([actor, principal]) => {
    if (involved.has(actor)) return [principal];
    return involved.has(principal) ? [actor] : [];
  });
  return new Set([...involved, ...acted]);
}

/** Whether somebody decides instead of a person at an instant, by the rulebook. */
export function standsInFor(actor: Actor, person: string, { rulebook, scope }: Rules, at: string): boolean {
  const [own, principal] = [canonicalId(actor.id), canonicalId(person)];
  return (rulebook?.substitutions ?? []).some(
    (each) =>
      canonicalId(each.substitute) === own &&
      canonicalId(each.person) === principal &&
      each.from <= at &&
      at < each.until &&
      (each.scope === undefined || covers(each.scope, scope)),
  );
}
