import { ResolveField, Resolver } from '@nestjs/graphql';
import { contentsIn } from '../../../projections/contents/queries';
import { events, NEWEST_FIRST } from '../../../projections/history/queries';
import { placements } from '../../../projections/placements/queries';
import type { Asking } from '../asking';
import { authorisationOf } from '../authorisation';
import { idArgument } from '../ids';
import { holdersOf } from '../innerlists';
import { at, inside, listing, type PageArguments, type Part, partOf } from '../listing';
import { versionAt } from '../node';
import type { ActorView } from '../views/actor';
import type { ArchiveView, ContentView } from '../views/archive';
import { assetView, VersionLinkView } from '../views/asset';
import type { Connection } from '../views/connection';
import { CampaignFileView } from '../views/contents';
import type { DurationView } from '../views/duration';
import { eventView } from '../views/history';
import { approvalView, type LedgerView } from '../views/ledger';
import { type CampaignView, campaignView, type PlacementView, placementView } from '../views/placement';
import type { SignalView } from '../views/signal';
import { sourceAt } from '../views/source';
import { FromEvent } from './sources';

type ContentsConnection = Connection<unknown> & { readonly campaign: string };

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
  @ResolveField('authorisation')
  authorisation(view: PlacementView, { on }: { readonly on: string }) {
    return authorisationOf(view, on);
  }

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

@Resolver('ArchivedContent')
export class ArchivedContentResolver {
  @ResolveField('holders')
  holders(content: ContentView, args: PageArguments) {
    return inside(content.moment, holdersOf(content), args, (row, moment) => new VersionLinkView(row, moment));
  }

  @ResolveField('stillRunning')
  stillRunning({ digest, moment }: ContentView) {
    return moment.running(digest);
  }
}

@Resolver('Signal')
export class SignalResolver {
  @ResolveField('template')
  async template({ row, moment }: SignalView) {
    return row.template ? assetView(await moment.asset(row.template), moment) : null;
  }

  @ResolveField('campaign')
  async campaign({ row, moment }: SignalView) {
    return row.campaign ? campaignView(await moment.campaign(row.campaign), moment) : null;
  }
}

@Resolver('Duration')
export class DurationResolver {
  @ResolveField('template')
  async template({ row, moment }: DurationView) {
    return row.template ? assetView(await moment.asset(row.template), moment) : null;
  }
}

@Resolver('CampaignFileConnection')
export class CampaignFileConnectionResolver {
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
  history({ row, moment }: CampaignView, args: PageArguments, asking: Asking) {
    const asked = at(moment, { ...args, orderBy: NEWEST_FIRST });
    return listing(asking, events, asked, eventView, { campaignId: row.campaign });
  }

  @ResolveField('contents')
  async contents({ row, moment }: CampaignView, args: PageArguments & { readonly assetId?: string }, asking: Asking) {
    const asset = args.assetId == null ? undefined : idArgument('asset', args.assetId, ['assetId']);
    const list = contentsIn(row.campaign, asset);
    const files = await listing(asking, list, at(moment, args), (file, then) => new CampaignFileView(file, then));
    return Object.assign(files, { campaign: row.campaign });
  }

  @ResolveField('placements')
  placements({ row, moment }: CampaignView, args: PageArguments, asking: Asking) {
    return listing(asking, placements, at(moment, args), placementView, { campaignId: row.campaign });
  }
}
