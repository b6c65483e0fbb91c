import { Allow } from 'class-validator';
import { boolean, calendarDay, distinct, label, MAX_TITLE, note, text, uuid } from '../fields';
import { optional } from '../input';
import { ContentsChange } from './parts';

/** The most markets of one campaign; what an answer costs is derived from it. */
export const MAX_MARKETS = 300;

export class PlanCampaign {
  @Allow() readonly type = 'PlanCampaign';
  @uuid('campaign') readonly campaign!: string;
  @text(MAX_TITLE) readonly name!: string;
  @optional(label(100)) readonly brand?: string;
  @optional(distinct(MAX_MARKETS, label(100))) readonly markets?: readonly string[];
  @optional(calendarDay) readonly startsOn?: string;
  @optional(calendarDay) readonly endsOn?: string;
}

export class LaunchCampaign {
  @Allow() readonly type = 'LaunchCampaign';
  @uuid('campaign') readonly campaign!: string;
  @optional(note) readonly note?: string;
  /** Launch it although its last day is over. */
  @optional(boolean) readonly afterLastDay?: boolean;
}

export class EndCampaign {
  @Allow() readonly type = 'EndCampaign';
  @uuid('campaign') readonly campaign!: string;
  @optional(note) readonly reason?: string;
}

/** Report: what happened elsewhere. Never refused by a gate. */
export class ObserveContents extends ContentsChange {
  @Allow() readonly type = 'ObserveContents';
  @uuid('campaign') readonly campaign!: string;
}
