import type { Happened } from '../decider';
import type { RulebookEvent } from './events';
import type { RulebookStanding } from './standing';

export type RulebookState = RulebookStanding;

export const INITIAL: RulebookState = {
  number: 0,
  entries: [],
  roles: [],
  groups: [],
  editors: [],
  substitutions: [],
};

export function evolve(state: RulebookState, event: Happened<RulebookEvent>): RulebookState {
  switch (event.type) {
    case 'RulebookRevised': {
      const { number, entries, roles = [], groups = [], editors = [] } = event.data;
      return { ...state, number, entries, roles, groups, editors };
    }
    case 'SubstituteNamed': {
      const { substitution, person, substitute, from, until, scope } = event.data;
      const named = { substitution, person, substitute, from, until, scope };
      return { ...state, substitutions: [...state.substitutions, named] };
    }
    case 'SubstitutionEnded': {
      const { substitution } = event.data;
      return { ...state, substitutions: state.substitutions.filter((each) => each.substitution !== substitution) };
    }
  }
}

export function standingOf(state: RulebookState): RulebookStanding | undefined {
  return state === INITIAL ? undefined : state;
}
