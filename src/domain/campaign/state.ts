import type { Happened } from '../decider';
import type { CampaignEvent } from './events';
import type { ContentsChange } from './parts';
import type { CampaignStanding } from './standing';

export interface CampaignState {
  readonly status: '' | 'planned' | 'launched' | 'ended';
  /** Calendar day, `YYYY-MM-DD`. */
  readonly endsOn?: string | undefined;
  /** The last report of its contents, so that a repeated report is recorded once. */
  readonly reported?: ContentsChange;
  /** The campaign from which the reports of its contents started, where they started from one. */
  readonly base?: string | undefined;
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
      return { ...state, reported: event.data, base: event.data.base ?? state.base };
  }
}

export function standingOf({ status, base, endsOn }: CampaignState): CampaignStanding | undefined {
  return status === '' ? undefined : { status, base, endsOn };
}
