import type { Happened, Standing } from '../decider';
import type { CampaignEvent } from './events';
import type { ContentsChange } from './parts';

export interface CampaignState {
  readonly status: '' | 'planned' | 'launched' | 'ended';
  /** Calendar day, `YYYY-MM-DD`. */
  readonly endsOn?: string | undefined;
  /** The last report of its contents, so that the same one told twice is recorded once. */
  readonly reported?: ContentsChange;
}

export const INITIAL: CampaignState = { status: '' };

export function evolve(state: CampaignState, event: Happened<CampaignEvent>): CampaignState {
  switch (event.type) {
    case 'CampaignPlanned':
      return { ...state, status: 'planned', endsOn: event.data.endsOn };
    case 'CampaignLaunched':
      return { ...state, status: 'launched' };
    case 'CampaignEnded':
      return { ...state, status: 'ended' };
    case 'CampaignContentsObserved':
      return { ...state, reported: event.data };
  }
}

export function standingOf(state: CampaignState): Standing {
  return { exists: state.status !== '', status: state.status, versions: 0 };
}
