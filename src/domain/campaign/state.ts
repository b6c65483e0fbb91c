import type { Happened, Standing } from '../decider';
import type { CampaignEvent } from './events';

export interface CampaignState {
  readonly status: '' | 'planned' | 'launched' | 'ended';
  /** Calendar day, `YYYY-MM-DD`. */
  readonly endsOn?: string | undefined;
}

export const INITIAL: CampaignState = { status: '' };

export function evolve(state: CampaignState, event: Happened<CampaignEvent>): CampaignState {
  switch (event.type) {
    case 'CampaignPlanned':
      return { status: 'planned', endsOn: event.data.endsOn };
    case 'CampaignLaunched':
      return { ...state, status: 'launched' };
    case 'CampaignEnded':
      return { ...state, status: 'ended' };
  }
}

export function standingOf(state: CampaignState): Standing {
  return { exists: state.status !== '', status: state.status, versions: 0 };
}
