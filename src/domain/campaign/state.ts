import type { Happened, Standing } from '../decider';
import type { CampaignEvent } from './events';

export interface CampaignState {
  readonly status: '' | 'planned' | 'launched' | 'ended';
}

export const INITIAL: CampaignState = { status: '' };

export function evolve(_state: CampaignState, event: Happened<CampaignEvent>): CampaignState {
  switch (event.type) {
    case 'CampaignPlanned':
      return { status: 'planned' };
    case 'CampaignLaunched':
      return { status: 'launched' };
    case 'CampaignEnded':
      return { status: 'ended' };
  }
}

export function standingOf(state: CampaignState): Standing {
  return { exists: state.status !== '', status: state.status, versions: 0 };
}
