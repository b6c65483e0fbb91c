import { ResolveField, Resolver } from '@nestjs/graphql';
import { contentsOf, filesIn } from '../../../projections/contents/queries';
import { historyOf } from '../../../projections/history/queries';
import { placements } from '../../../projections/placements/queries';
import type { Asking } from '../asking';
import { idArgument } from '../ids';
import { type ListArguments, listing, partOf, rowsWanted } from '../listing';
import { versionAt } from '../node';
import type { ActorView } from '../views/actor';
import type { ArchiveView } from '../views/archive';
import { assetView } from '../views/asset';
import type { Connection } from '../views/connection';
import { CampaignFileView } from '../views/contents';
import { HistoryView, type SignalView } from '../views/history';
import { approvalView, type LedgerView } from '../views/ledger';
import { type CampaignView, campaignView, PlacementView, placementView } from '../views/placement';
import { sourceAt } from '../views/source';
import { FromEvent } from './sources';

type Part = First & { readonly skip?: number | null };
type First = { readonly first?: number | null };
type ContentsConnection = Connection<unknown, unknown> & { readonly campaign: string; readonly asset?: string };

@Resolver('Actor')
export class ActorResolver {
  @ResolveField('kind')
  async kind({ opaqueId, moment }: ActorView) {
    return (await moment.actor(opaqueId))?.kind ?? null;
  }
}

@Resolver('LedgerEntry')
export class LedgerEntryResolver extends FromEvent {
  @ResolveField('subject')
  async subject({ row, moment }: LedgerView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('content')
  content({ row, moment }: LedgerView) {
    return versionAt(moment, row.asset, row.version);
  }
}

@Resolver('Attestation')
export class AttestationResolver {
  @ResolveField('suspectedSamePerson')
  suspectedSamePerson({ suspectedSamePerson }: LedgerView, args: Part) {
    return partOf(suspectedSamePerson, args);
  }
}

@Resolver('Placement')
export class PlacementResolver extends FromEvent {
  @ResolveField('endSource')
  endSource({ row, moment }: PlacementView, _args: unknown, asking: Asking) {
    return row.ended === null ? null : sourceAt(moment, row.ended, asking);
  }

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
export class ArchiveEntryResolver extends FromEvent {
  @ResolveField('subject')
  async subject({ row, moment }: ArchiveView) {
    return assetView(await moment.asset(row.asset), moment);
  }
}

@Resolver('ArchivedPlacement')
export class ArchivedPlacementResolver {
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

@Resolver('CampaignFileConnection')
export class CampaignFileConnectionResolver {
  @ResolveField('totalCount')
  async totalCount({ moment, campaign, asset }: ContentsConnection) {
    const contents = await moment.contents(campaign);
    if (asset === undefined) return contents?.files ?? 0;
    return (await filesIn(moment.reader('contents'), contents, { first: contents?.files ?? 0, asset })).rows.length;
  }

  @ResolveField('offRecord')
  async offRecord({ moment, campaign }: ContentsConnection) {
    return (await moment.contents(campaign))?.offRecord ?? 0;
  }
}

@Resolver('CampaignFile')
export class CampaignFileResolver {
  @ResolveField('asset')
  async asset({ file, moment }: CampaignFileView) {
    return file[3] === null ? null : assetView(await moment.asset(file[3]), moment);
  }

  @ResolveField('content')
  content({ file, moment }: CampaignFileView) {
    return file[3] === null || file[4] === null ? null : versionAt(moment, file[3], file[4]);
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

  @ResolveField('contents')
  contents({ row, moment: parent }: CampaignView, args: ListArguments & { readonly asset?: string }, asking: Asking) {
    const asset = args.asset == null ? undefined : idArgument('asset', args.asset, ['asset']);
    return listing(
      asking,
      { ...args, at: parent.at },
      {
        list: `contents ${row.campaign}`,
        projection: 'contents',
        page: async (reader, { first, after }, at) => {
          const [contents] = await contentsOf(reader, [row.campaign], at);
          return filesIn(reader, contents, { first, after: after?.path, asset });
        },
        mark: ([path]) => ({ path }),
        view: (file, moment) => new CampaignFileView(file, moment),
        more: { campaign: row.campaign, asset },
      },
    );
  }

  @ResolveField('placements')
  async placements({ row, moment }: CampaignView, args: First) {
    const filter = { campaign: row.campaign, first: rowsWanted(args.first) };
    const { rows } = await placements(moment.reader('placements'), filter, moment.at);
    return rows.map((placement) => new PlacementView(placement, moment));
  }
}
