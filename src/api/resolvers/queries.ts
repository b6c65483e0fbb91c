import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { actors } from '../../../projections/actors/queries';
import { ledger } from '../../../projections/approvals/queries';
import { archived } from '../../../projections/archive/queries';
import { campaigns } from '../../../projections/campaigns/queries';
import { matches } from '../../../projections/filters';
import { events } from '../../../projections/history/queries';
import { licences } from '../../../projections/licences/queries';
import { lineage } from '../../../projections/lineage/queries';
import { obligations } from '../../../projections/obligations/queries';
import { findings, placements } from '../../../projections/placements/queries';
import { recalls } from '../../../projections/recalls/queries';
import { workflows } from '../../../projections/rules/queries';
import { factFilters } from '../../../projections/signals/filters';
import { approvalTimes } from '../../../projections/signals/queries';
import { waivers } from '../../../projections/waivers/queries';
import { RULEBOOK } from '../../domain/scope';
import type { Asking } from '../asking';
import { type BetweenArguments, changesBetween } from '../between';
import { type AssetArguments, assetsAsked } from '../counted';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { type DurationArguments, durationsAsked } from '../durations';
import { fault } from '../errors';
import { filterOf } from '../filters';
import { idArgument } from '../ids';
import { type ListArguments, listing, type OneArguments, one } from '../listing';
import { listOfFound, NameIndex } from '../names';
import { nodeOf } from '../node';
import { permissionsOf } from '../roles';
import { expectFilters, type SignalArguments, signalsAsked } from '../signals';
import { ActorView, actorView } from '../views/actor';
import { ArchiveView } from '../views/archive';
import { assetView } from '../views/asset';
import { eventView } from '../views/history';
import { approvalView } from '../views/ledger';
import { LineageView, licenceAt, licenceView } from '../views/licence';
import { campaignView, placementView } from '../views/placement';
import { FindingView, ObligationView, recallAt, recallView } from '../views/recall';
import { rulebookView, workflowView } from '../views/rules';
import { SignalView } from '../views/signal';
import { waiverView } from '../views/waiver';

type HistoryArguments = ListArguments & { readonly assetId: string; readonly since?: string | null };

/** All queries: a field, its projection's query or list, its view. */
@Resolver()
export class QueryResolver {
  readonly #names: NameIndex;

  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {
    this.#names = new NameIndex(door.people);
  }

  @Query('asset')
  asset(_root: unknown, args: OneArguments & { id: string }, asking: Asking) {
    const id = idArgument('asset', args.id, ['id']);
    return one(asking, 'library', args, async (moment) => assetView(await moment.asset(id), moment));
  }

  @Query('assets')
  assets(_root: unknown, args: AssetArguments, asking: Asking) {
    return listing(asking, assetsAsked(args, this.door), args, assetView);
  }

  @Query('assetHistory')
  assetHistory(_root: unknown, args: HistoryArguments, asking: Asking) {
    const assetId = idArgument('asset', args.assetId, ['assetId']);
    return listing(asking, events, args, eventView, { assetId, ...(args.since != null && { since: args.since }) });
  }

  @Query('history')
  history(_root: unknown, args: ListArguments, asking: Asking) {
    const asked = { ...args, orderBy: args.orderBy ?? { by: 'occurred', direction: 'asc' as const } };
    return listing(asking, events, asked, eventView);
  }

  @Query('approvals')
  approvals(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, ledger, args, approvalView);
  }

  @Query('placements')
  placements(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, placements, args, placementView);
  }

  @Query('archive')
  archive(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, archived, args, (row, moment) => new ArchiveView(row, moment));
  }

  @Query('signals')
  signals(_root: unknown, args: SignalArguments, asking: Asking) {
    return listing(asking, signalsAsked(args, this.door), args, (row, moment) => new SignalView(row, moment));
  }

  @Query('durations')
  durations(_root: unknown, args: DurationArguments, asking: Asking) {
    return durationsAsked(asking, args);
  }

  @Query('changesBetween')
  changesBetween(_root: unknown, args: BetweenArguments, asking: Asking) {
    return changesBetween(asking, args);
  }

  @Query('approvalTimes')
  approvalTimes(_root: unknown, args: ListArguments, asking: Asking) {
    expectFilters('approval', args.filter);
    const filter = filterOf(factFilters, args.filter);
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
  campaigns(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, campaigns, args, campaignView);
  }

  @Query('licence')
  licence(_root: unknown, args: OneArguments & { id: string }, asking: Asking) {
    const id = idArgument('licence', args.id, ['id']);
    return one(asking, 'licences', args, (moment) => licenceAt(moment, id));
  }

  @Query('licences')
  licences(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, licences, args, licenceView);
  }

  @Query('lineage')
  lineage(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, lineage, args, (row, moment) => new LineageView(row, moment));
  }

  @Query('waivers')
  waivers(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, waivers, args, waiverView);
  }

  @Query('workflow')
  workflow(_root: unknown, args: OneArguments & { id: string }, asking: Asking) {
    const id = idArgument('workflow', args.id, ['id']);
    return one(asking, 'rules', args, async (moment) => workflowView(await moment.workflow(id), moment));
  }

  @Query('workflows')
  workflows(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, workflows, args, workflowView);
  }

  @Query('rulebook')
  rulebook(_root: unknown, args: OneArguments, asking: Asking) {
    return one(asking, 'rules', args, async (moment) => rulebookView(await moment.rulebook(RULEBOOK), moment));
  }

  @Query('recall')
  recall(_root: unknown, args: OneArguments & { id: string }, asking: Asking) {
    const id = idArgument('recall', args.id, ['id']);
    return one(asking, 'recalls', args, (moment) => recallAt(moment, id));
  }

  @Query('recalls')
  recalls(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, recalls, args, recallView);
  }

  @Query('findings')
  findings(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, findings, args, (row, moment) => new FindingView(row, moment));
  }

  @Query('obligations')
  obligations(_root: unknown, args: ListArguments, asking: Asking) {
    return listing(asking, obligations, args, (row, moment) => new ObligationView(row, moment));
  }

  @Query('actors')
  actors(_root: unknown, args: ListArguments & { readonly nameMatches?: string | null }, asking: Asking) {
    const { nameMatches } = filterOf({ nameMatches: matches }, { nameMatches: args.nameMatches }, []);
    if (nameMatches === undefined) {
      return listing(asking, actors, args, ({ actor }, moment) => new ActorView(actor, moment));
    }
    if (args.at != null) {
      throw fault(
        'BAD_USER_INPUT',
        'at: names are kept outside the log and have no past; leave out nameMatches or at.',
        ['at'],
      );
    }
    const found = listOfFound(this.#names.matching(nameMatches as string));
    return listing(asking, found, args, ({ opaqueId }, moment) => new ActorView(opaqueId, moment));
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
