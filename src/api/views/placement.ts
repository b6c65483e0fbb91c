import type { CampaignRow } from '../../../projections/campaigns/tables';
import type { PlacementRow } from '../../../projections/placements/tables';
import type { Ruling } from '../../domain/compliance';
import { campaignId, placementId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';
import { rulingView } from './waiver';

/** A placement's row under the names of the schema. */
export class PlacementView {
  readonly __typename = 'Placement';

  constructor(
    readonly row: PlacementRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(placementId(this.row.placement));
  }
  get version(): number | null {
    return this.row.version;
  }
  get path(): string | null {
    return this.row.path;
  }
  get digest(): string {
    return this.row.digest;
  }
  get channel(): string {
    return this.row.channel;
  }
  get market(): string | null {
    return this.row.market;
  }
  get slot(): string | null {
    return this.row.slot;
  }
  get url(): string | null {
    return this.row.url;
  }
  get language(): string | null {
    return this.row.language;
  }
  get goesLiveAt(): string | null {
    return this.row.goesLiveAt;
  }
  get runsUntil(): string | null {
    return this.row.runsUntil;
  }
  get disclosure(): unknown {
    return this.row.disclosure;
  }
  get rulings(): readonly object[] {
    return ((this.row.rulings ?? []) as readonly Ruling[]).map(rulingView);
  }
  get observed(): boolean {
    return this.row.observed;
  }
  get wouldRefuse(): readonly string[] {
    return this.row.wouldRefuse ?? [];
  }
  get startedAt(): string {
    return this.row.startedAt;
  }
  get startedBy(): ActorView {
    return new ActorView(this.row.startedBy, this.moment);
  }
  get endedAt(): string | null {
    return this.row.endedAt;
  }
  get endedBy(): ActorView | null {
    return actorView(this.row.endedBy, this.moment);
  }
  get reason(): string | null {
    return this.row.reason;
  }
  get evidence(): unknown {
    return this.row.evidence;
  }
  get endEvidence(): unknown {
    return this.row.endEvidence;
  }
  get recordedAt(): string {
    return this.row.recordedAt;
  }
  get position(): string {
    return this.row.started;
  }
}

/** A campaign's row under the names of the schema. */
export class CampaignView {
  readonly __typename = 'Campaign';

  constructor(
    readonly row: CampaignRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(campaignId(this.row.campaign));
  }
  get computedAt(): string {
    return this.moment.computedAt;
  }
  get name(): string {
    return this.row.name;
  }
  get brand(): string | null {
    return this.row.brand;
  }
  get markets(): readonly string[] {
    return this.row.markets;
  }
  get startsOn(): string | null {
    return this.row.startsOn;
  }
  get endsOn(): string | null {
    return this.row.endsOn;
  }
  get status(): string {
    return this.row.status;
  }
  get revision(): number {
    return this.row.revision;
  }
  get position(): string {
    return this.row.changed;
  }
  get plannedAt(): string {
    return this.row.plannedAt;
  }
  get plannedBy(): ActorView {
    return new ActorView(this.row.plannedBy, this.moment);
  }
  get launchedAt(): string | null {
    return this.row.launchedAt;
  }
  get endedAt(): string | null {
    return this.row.endedAt;
  }
}

export const placementView = (row: PlacementRow | undefined, moment: Moment): PlacementView | null =>
  row === undefined ? null : new PlacementView(row, moment);

export const campaignView = (row: CampaignRow | undefined, moment: Moment): CampaignView | null =>
  row === undefined ? null : new CampaignView(row, moment);
