import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { ledger } from '../../../projections/approvals/queries';
import { archived } from '../../../projections/archive/queries';
import { campaigns } from '../../../projections/campaigns/queries';
import { historyOf, historyWithin } from '../../../projections/history/queries';
import { assetById, assets } from '../../../projections/library/queries';
import { placements } from '../../../projections/placements/queries';
import { approvalTimes, type Dimension, signals } from '../../../projections/signals/queries';
import {
  actorOf,
  approvalFilter,
  archiveFilter,
  assetFilter,
  campaignFilter,
  distinct,
  placementFilter,
  signalFilter,
  window,
} from '../arguments';
import type { Asking } from '../asking';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { idArgument } from '../ids';
import { type ListArguments, listing, type OneArguments, one } from '../listing';
import { nodeOf } from '../node';
import { permissionsOf } from '../roles';
import { ActorView, actorView } from '../views/actor';
import { ArchiveView } from '../views/archive';
import { AssetView, assetView } from '../views/asset';
import { HistoryView, SignalView } from '../views/history';
import { LedgerView } from '../views/ledger';
import { CampaignView, campaignView, PlacementView } from '../views/placement';

// biome-ignore lint/suspicious/noExplicitAny: the arguments were checked against the schema, which is their type.
type Arguments = any;

/** Everything that can be asked: a field, its projection's query, its view. */
@Resolver()
export class QueryResolver {
  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {}

  @Query('asset')
  asset(_root: unknown, args: OneArguments & { id: string }, asking: Asking) {
    const id = idArgument('asset', args.id, ['id']);
    return one(asking, 'library', args, async (m) => assetView(await assetById(m.reader('library'), id, m.at), m));
  }

  @Query('assets')
  assets(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const filter = assetFilter(args.filter);
    const { by: sort, descending } = args.orderBy ?? { by: 'registered', descending: true };
    return listing(asking, args, {
      list: `assets ${sort} ${descending}`,
      projection: 'library',
      page: (reader, paging, at) => assets(reader, { ...filter, sort, descending, ...paging }, at),
      mark: (row) => ({ asset: row.asset, [sort]: row[sort as 'title'] }),
      view: (row, moment) => new AssetView(row, moment),
      more: { filter },
    });
  }

  @Query('assetHistory')
  assetHistory(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const subject = idArgument('asset', args.asset, ['asset']);
    const { newestFirst } = args;
    const types = distinct<string>(args.types);
    return listing(asking, args, {
      list: `history ${subject} ${newestFirst}`,
      projection: 'history',
      page: (reader, { first, after }, at) =>
        historyOf(reader, { category: 'asset', subject, types, newestFirst, first, after: after?.position }, at),
      mark: ({ position }) => ({ position }),
      view: (row, moment) => new HistoryView(row, moment),
    });
  }

  @Query('history')
  history(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const { newestFirst } = args;
    const types = distinct<string>(args.types);
    const actor = actorOf(args.actor, ['actor']);
    const occurred = window(args.occurred) ?? {};
    return listing(asking, args, {
      list: `history ${newestFirst}`,
      projection: 'history',
      page: (reader, paging, at) => historyWithin(reader, { occurred, types, actor, newestFirst, ...paging }, at),
      mark: ({ position, occurredAt }) => ({ position, occurredAt }),
      view: (row, moment) => new HistoryView(row, moment),
    });
  }

  @Query('approvals')
  approvals(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const filter = approvalFilter(args.filter);
    return listing(asking, args, {
      list: 'approvals',
      projection: 'approvals',
      page: (reader, paging, at) => ledger(reader, { ...filter, ...paging }, at),
      mark: ({ position, occurredAt }) => ({ position, occurredAt }),
      view: (row, moment) => new LedgerView(row, moment),
    });
  }

  @Query('placements')
  placements(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const filter = placementFilter(args.filter);
    return listing(asking, args, {
      list: 'placements',
      projection: 'placements',
      page: (reader, paging, at) => placements(reader, { ...filter, ...paging }, at),
      mark: ({ placement, startedAt }) => ({ placement, startedAt }),
      view: (row, moment) => new PlacementView(row, moment),
    });
  }

  @Query('archive')
  archive(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const filter = archiveFilter(args.filter);
    return listing(asking, args, {
      list: 'archive',
      projection: 'archive',
      page: (reader, paging, at) => archived(reader, { ...filter, ...paging }, at),
      mark: ({ position, since }) => ({ position, since }),
      view: (row, moment) => new ArchiveView(row, moment),
    });
  }

  @Query('signals')
  signals(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const { family } = args;
    const by = distinct<Dimension>(args.by);
    const filter = signalFilter(args.filter);
    return listing(asking, args, {
      list: `signals ${family} ${by}`,
      projection: 'signals',
      page: (reader, { first, after }, at) =>
        signals(reader, { family, filter, by: by ?? ['day'], first, offset: after?.offset }, at),
      mark: (_row, index, after) => ({ offset: (after?.offset ?? 0) + index + 1 }),
      view: (row, moment) => new SignalView(row, moment),
    });
  }

  @Query('approvalTimes')
  approvalTimes(_root: unknown, args: OneArguments & Arguments, asking: Asking) {
    const filter = signalFilter(args.filter);
    return one(asking, 'signals', args, async (moment) => {
      const times = await approvalTimes(moment.reader('signals'), filter, moment.at);
      return times === undefined ? null : { ...times, computedAt: moment.computedAt };
    });
  }

  @Query('campaign')
  campaign(_root: unknown, args: OneArguments & { id: string }, asking: Asking) {
    const id = idArgument('campaign', args.id, ['id']);
    return one(asking, 'campaigns', args, async (moment) => campaignView(await moment.campaign(id), moment));
  }

  @Query('campaigns')
  campaigns(_root: unknown, args: ListArguments & Arguments, asking: Asking) {
    const filter = campaignFilter(args.filter);
    return listing(asking, args, {
      list: 'campaigns',
      projection: 'campaigns',
      page: (reader, paging, at) => campaigns(reader, { ...filter, ...paging }, at),
      mark: ({ campaign, name }) => ({ campaign, name }),
      view: (row, moment) => new CampaignView(row, moment),
    });
  }

  @Query('node')
  node(_root: unknown, { id }: { readonly id: string }, asking: Asking) {
    return nodeOf(asking, id);
  }

  @Query('viewer')
  async viewer(_root: unknown, _args: unknown, asking: Asking) {
    const { actor, roles, expiresAt } = asking.session;
    const moment = await asking.moment('actors', undefined);
    return {
      actor: new ActorView(actor.id, moment),
      actorKind: actor.kind,
      onBehalfOf: actorView(actor.onBehalfOf, moment),
      roles,
      expiresAt: new Date(expiresAt).toISOString(),
      may: permissionsOf(roles),
    };
  }

  @Query('head')
  async head(_root: unknown, args: OneArguments, asking: Asking) {
    await asking.reached(args.waitFor, undefined, 'waitFor');
    const [position, progress] = await Promise.all([this.door.store.head(), this.door.runtime.progress()]);
    const positions = progress.map((one) => one.position).sort();
    const computedAt = positions[0] ?? position;
    asking.computedAt(computedAt);
    const projections = progress.map(({ rebuild, ...rest }) => ({ ...rest, rebuildingAt: rebuild?.position }));
    return { position, computedAt, projections };
  }
}
