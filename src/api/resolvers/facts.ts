import { ResolveField, Resolver } from '@nestjs/graphql';
import { historyOf } from '../../../projections/history/queries';
import { placements } from '../../../projections/placements/queries';
import { rowsWanted } from '../listing';
import { assetView } from '../views/asset';
import { type ArchiveView, HistoryView, type SignalView, sentenceOf } from '../views/history';
import { type ApprovalView, approvalView } from '../views/ledger';
import { type CampaignView, campaignView, PlacementView, placementView } from '../views/placement';

type First = { readonly first?: number | null };

@Resolver('HistoryEntry')
export class HistoryEntryResolver {
  @ResolveField('sentence')
  sentence({ row, moment }: HistoryView) {
    return sentenceOf(row, moment);
  }

  @ResolveField('asset')
  async asset({ asset, moment }: HistoryView) {
    return asset === null ? null : assetView(await moment.asset(asset), moment);
  }

  @ResolveField('campaign')
  async campaign({ campaign, moment }: HistoryView) {
    return campaign === null ? null : campaignView(await moment.campaign(campaign), moment);
  }
}

@Resolver('Approval')
export class ApprovalResolver {
  @ResolveField('asset')
  async asset({ row, moment }: ApprovalView) {
    return assetView(await moment.asset(row.asset), moment);
  }
}

@Resolver('Placement')
export class PlacementResolver {
  @ResolveField('asset')
  async asset({ row, moment }: PlacementView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('campaign')
  async campaign({ row, moment }: PlacementView) {
    return campaignView(await moment.campaign(row.campaign), moment);
  }

  @ResolveField('approval')
  async approval({ row, moment }: PlacementView) {
    return row.approval === null ? null : approvalView(await moment.approval(row.approval), moment);
  }
}

@Resolver('ArchiveEntry')
export class ArchiveEntryResolver {
  @ResolveField('asset')
  async asset({ row, moment }: ArchiveView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('placement')
  async placement({ row, moment }: ArchiveView) {
    return row.placement === null ? null : placementView(await moment.placement(row.placement), moment);
  }
}

@Resolver('Signal')
export class SignalResolver {
  @ResolveField('template')
  async template({ row, moment }: SignalView) {
    return row.template ? assetView(await moment.asset(row.template), moment) : null;
  }
}

@Resolver('Campaign')
export class CampaignResolver {
  @ResolveField('placementCount')
  async placementCount({ row, moment }: CampaignView) {
    return (await moment.tally(row.campaign))?.placements ?? 0;
  }

  @ResolveField('livePlacements')
  async livePlacements({ row, moment }: CampaignView) {
    return (await moment.tally(row.campaign))?.live ?? 0;
  }

  @ResolveField('history')
  async history({ row, moment }: CampaignView, args: First) {
    const filter = { category: 'campaign', subject: row.campaign, newestFirst: true, first: rowsWanted(args.first) };
    const { rows } = await historyOf(
      moment.reader('history'),
      filter as { category: 'campaign' } & typeof filter,
      moment.at,
    );
    return rows.map((event) => new HistoryView(event, moment));
  }

  @ResolveField('placements')
  async placements({ row, moment }: CampaignView, args: First) {
    const filter = { campaign: row.campaign, first: rowsWanted(args.first) };
    const { rows } = await placements(moment.reader('placements'), filter, moment.at);
    return rows.map((placement) => new PlacementView(placement, moment));
  }
}
