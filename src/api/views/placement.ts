import type { CampaignRow } from '../../../projections/campaigns/tables';
import type { PlacementRow } from '../../../projections/placements/tables';
import type { Ruling } from '../../domain/compliance';
import { campaignId, placementId } from '../ids';
import { ActorView, actorView } from './actor';
import { orNull, viewOf } from './rowview';
import { rulingView } from './waiver';

/** A placement's row under the names of the schema. */
export class PlacementView extends viewOf<PlacementRow>()(
  'version',
  'path',
  'digest',
  'channel',
  'market',
  'slot',
  'url',
  'language',
  'goesLiveAt',
  'runsUntil',
  'disclosure',
  'observed',
  'startedAt',
  'endedAt',
  'reason',
  'evidence',
  'endEvidence',
  'recordedAt',
) {
  readonly __typename = 'Placement';

  get id(): string {
    return this.moment.idOf(placementId(this.row.placement));
  }
  get rulings(): readonly object[] {
    return ((this.row.rulings ?? []) as readonly Ruling[]).map(rulingView);
  }
  get wouldRefuse(): readonly string[] {
    return this.row.wouldRefuse ?? [];
  }
  get startedBy(): ActorView {
    return new ActorView(this.row.startedBy, this.moment);
  }
  get endedBy(): ActorView | null {
    return actorView(this.row.endedBy, this.moment);
  }
  get position(): string {
    return this.row.started;
  }
}

/** A campaign's row under the names of the schema. */
export class CampaignView extends viewOf<CampaignRow>()(
  'name',
  'brand',
  'markets',
  'startsOn',
  'endsOn',
  'status',
  'revision',
  'plannedAt',
  'launchedAt',
  'endedAt',
) {
  readonly __typename = 'Campaign';

  get id(): string {
    return this.moment.idOf(campaignId(this.row.campaign));
  }
  get position(): string {
    return this.row.changed;
  }
  get plannedBy(): ActorView {
    return new ActorView(this.row.plannedBy, this.moment);
  }
}

export const placementView = orNull(PlacementView);

export const campaignView = orNull(CampaignView);
