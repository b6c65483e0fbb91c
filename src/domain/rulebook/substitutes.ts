import type { Context, Outcome } from '../decider';
import { mayEdit } from '../editors';
import { canonicalId } from '../identity';
import type { InputFault } from '../input';
import { refuse } from '../refusal';
import type { EndSubstitution, NameSubstitute } from './commands';
import type { RulebookEvent } from './events';
import type { Substitution } from './standing';
import type { RulebookState } from './state';

/** The most that are in force or to come at one time, so that a decision never searches a long list. */
const MOST_SUBSTITUTIONS = 500;

export function windowFaults({ from, until }: NameSubstitute): readonly InputFault[] {
  return until > from ? [] : [{ steps: ['until'], reason: 'must be later than from' }];
}

export function nameSubstitute(
  command: NameSubstitute,
  state: RulebookState,
  context: Context,
): Outcome<RulebookEvent> {
  const { substitute, from, until, scope } = command;
  const person = command.person ?? context.actor.id;
  if (!isOwn(person, context) && !isEditor(state, context)) return refuse('RULEBOOK_NOT_YOURS', undefined, ['person']);
  if (until <= context.occurredAt) return refuse('INVALID_INPUT', 'until: is over already', ['until']);
  const named = { person, substitute, from, until };
  const over = state.substitutions.filter((each) => each.until > context.occurredAt);
  if (over.some((each) => isSame(each, named))) return { events: [] };
  if (same(person, substitute) || over.some((each) => isBack(each, named))) {
    return refuse('SUBSTITUTE_CIRCULAR', undefined, ['substitute']);
  }
  if (over.some((each) => same(each.person, person) && meets(each, named))) {
    return refuse('SUBSTITUTE_OVERLAPS', undefined, ['from']);
  }
  if (over.length >= MOST_SUBSTITUTIONS) {
    return refuse('INVALID_INPUT', `substitute: a rulebook has at most ${MOST_SUBSTITUTIONS} of them`, ['substitute']);
  }
  const data = { substitution: context.id('substitution'), ...named, scope };
  return { events: [{ type: 'SubstituteNamed', data }] };
}

export function endSubstitution(
  { substitution }: EndSubstitution,
  state: RulebookState,
  context: Context,
): Outcome<RulebookEvent> {
  const found = state.substitutions.find((each) => each.substitution === substitution);
  if (found === undefined) return refuse('SUBSTITUTION_NOT_FOUND', undefined, ['substitution']);
  const { person, substitute } = found;
  if (!isOwn(person, context) && !isEditor(state, context)) return refuse('RULEBOOK_NOT_YOURS');
  return { events: [{ type: 'SubstitutionEnded', data: { substitution, person, substitute } }] };
}

/** A program cannot name who decides instead of the person it acts for. */
function isOwn(person: string, { actor }: Context): boolean {
  return actor.kind === 'person' && actor.onBehalfOf === undefined && same(actor.id, person);
}

/** For other people only those act who are named as editors: a role alone is not enough. */
function isEditor(state: RulebookState, { actor }: Context): boolean {
  return state.editors.length > 0 && mayEdit(state, actor);
}

const same = (one: string, other: string): boolean => canonicalId(one) === canonicalId(other);

type Named = Pick<Substitution, 'person' | 'substitute' | 'from' | 'until'>;

function isSame(one: Named, other: Named): boolean {
  const people = same(one.person, other.person) && same(one.substitute, other.substitute);
  return people && one.from === other.from && one.until === other.until;
}

const meets = (one: Named, other: Named): boolean => one.from < other.until && other.from < one.until;

/** Who stands in for somebody cannot have them stand in: a decision goes one step, never round. */
const isBack = (one: Named, other: Named): boolean =>
  same(one.person, other.substitute) && same(one.substitute, other.person) && meets(one, other);
