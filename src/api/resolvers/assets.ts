import { ResolveField, Resolver } from '@nestjs/graphql';
import { ledger } from '../../../projections/approvals/queries';
import { events, NEWEST_FIRST } from '../../../projections/history/queries';
import { licences } from '../../../projections/licences/queries';
import { lineage } from '../../../projections/lineage/queries';
import { placements } from '../../../projections/placements/queries';
import { usesOfTemplate } from '../../../projections/signals/queries';
import { waivers } from '../../../projections/waivers/queries';
import type { Asking } from '../asking';
import { aliasesOf, campaignsOf, metadataOf, versionsOf } from '../innerlists';
import { at, inside, listing, type PageArguments, type Part, partOf } from '../listing';
import { versionAt } from '../node';
import {
  type AssetView,
  assetView,
  metadataField,
  VersionLinkView,
  type VersionView,
  versionView,
} from '../views/asset';
import { eventView } from '../views/history';
import { approvalView } from '../views/ledger';
import { LineageView, licenceView } from '../views/licence';
import { campaignView, placementView } from '../views/placement';
import { waiverView } from '../views/waiver';
import { FromEvent } from './sources';

/** Fields of an asset that its own row does not hold. */
@Resolver('Asset')
export class AssetResolver {
  @ResolveField('metadata')
  metadata(asset: AssetView, args: PageArguments) {
    return inside(asset.moment, metadataOf(asset), args, metadataField);
  }

  @ResolveField('currentVersion')
  async currentVersion({ row, moment }: AssetView) {
    return row.version === 0 ? null : versionView(await moment.version(row.asset, row.version), moment);
  }

  @ResolveField('versions')
  versions(asset: AssetView, args: PageArguments) {
    return inside(asset.moment, versionsOf(asset), args, versionView);
  }

  @ResolveField('version')
  async version({ row, moment }: AssetView, { number }: { readonly number: number }) {
    if (number < 1 || number > row.version) return null;
    return versionView(await moment.version(row.asset, number), moment);
  }

  @ResolveField('approval')
  async approval({ row, moment }: AssetView) {
    return approvalView(await moment.liveApproval(row.asset), moment);
  }

  @ResolveField('approvals')
  approvals({ row, moment }: AssetView, args: PageArguments, asking: Asking) {
    return listing(asking, ledger, at(moment, args), approvalView, { assetId: row.asset });
  }

  @ResolveField('placements')
  placements({ row, moment }: AssetView, args: PageArguments, asking: Asking) {
    return listing(asking, placements, at(moment, args), placementView, { assetId: row.asset });
  }

  @ResolveField('history')
  history({ row, moment }: AssetView, args: PageArguments, asking: Asking) {
    const asked = at(moment, { ...args, orderBy: NEWEST_FIRST });
    return listing(asking, events, asked, eventView, { assetId: row.asset });
  }

  @ResolveField('derivedFrom')
  async derivedFrom({ row, moment }: AssetView) {
    const references = ((await moment.detail(row.asset))?.derivedFrom ?? []) as { asset: string; version: number }[];
    return references.map((reference) => new VersionLinkView(reference, moment));
  }

  @ResolveField('template')
  async template({ row, moment }: AssetView) {
    if (row.template === null) return null;
    const version = (await moment.detail(row.asset))?.templateVersion;
    return typeof version === 'number' ? new VersionLinkView({ asset: row.template, version }, moment) : null;
  }

  @ResolveField('componentOf')
  async componentOf({ row, moment }: AssetView) {
    const whole = (await moment.detail(row.asset))?.componentOf;
    return whole ? assetView(await moment.asset(whole), moment) : null;
  }

  @ResolveField('components')
  components({ row, moment }: AssetView, args: PageArguments, asking: Asking) {
    const held = { assetId: row.asset, relationIn: ['component'] };
    return listing(asking, lineage, at(moment, args), (link, then) => new LineageView(link, then), held);
  }

  @ResolveField('usedIn')
  usedIn({ row, moment }: AssetView, args: PageArguments, asking: Asking) {
    const used = { originId: row.asset };
    return listing(asking, lineage, at(moment, args), (link, then) => new LineageView(link, then), used);
  }

  @ResolveField('licences')
  licences({ row, moment }: AssetView, args: PageArguments, asking: Asking) {
    return listing(asking, licences, at(moment, args), licenceView, { assetId: row.asset });
  }

  @ResolveField('waivers')
  waivers({ row, moment }: AssetView, args: PageArguments, asking: Asking) {
    return listing(asking, waivers, at(moment, args), waiverView, { assetId: row.asset });
  }

  @ResolveField('aliases')
  aliases(asset: AssetView, args: PageArguments) {
    return inside(asset.moment, aliasesOf(asset), args, ({ path }) => ({ path }));
  }

  @ResolveField('campaigns')
  campaigns(asset: AssetView, args: PageArguments) {
    return inside(asset.moment, campaignsOf(asset), args, campaignView);
  }

  @ResolveField('uses')
  async uses({ row, moment }: AssetView) {
    return (await moment.uses(row.asset)).uses;
  }

  @ResolveField('campaignCount')
  async campaignCount({ row, moment }: AssetView) {
    return (await moment.uses(row.asset)).campaigns;
  }

  @ResolveField('derivatives')
  derivatives({ row, moment }: AssetView) {
    return moment.derivatives(row.asset);
  }

  @ResolveField('templateUses')
  templateUses({ row, moment }: AssetView) {
    return usesOfTemplate(moment.reader('signals'), row.asset, moment.at);
  }
}

@Resolver('Version')
export class VersionResolver extends FromEvent {
  @ResolveField('asset')
  async asset({ row, moment }: VersionView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('content')
  content(version: VersionView) {
    return version;
  }

  @ResolveField('contributors')
  contributors({ contributors }: VersionView, args: Part) {
    return partOf(contributors, args);
  }
}

@Resolver('MetadataField')
export class MetadataFieldResolver {
  @ResolveField('list')
  list({ list }: { readonly list?: readonly string[] }, args: Part) {
    return list === undefined ? null : partOf(list, args);
  }
}

@Resolver('VersionLink')
export class VersionLinkResolver {
  @ResolveField('asset')
  async asset({ reference, moment }: VersionLinkView) {
    return assetView(await moment.asset(reference.asset), moment);
  }

  @ResolveField('content')
  content({ reference, moment }: VersionLinkView) {
    return versionAt(moment, reference.asset, reference.version);
  }
}
