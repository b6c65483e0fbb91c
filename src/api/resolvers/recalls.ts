import { ResolveField, Resolver } from '@nestjs/graphql';
import { events, NEWEST_FIRST } from '../../../projections/history/queries';
import { recallItems } from '../../../projections/recalls/queries';
import type { Asking } from '../asking';
import type { Identified } from '../ids';
import { at, listing, type PageArguments } from '../listing';
import { OBJECTS } from '../node';
import { assetView } from '../views/asset';
import { eventView } from '../views/history';
import { campaignView, placementView } from '../views/placement';
import { type FindingView, type ObligationView, RecalledView, type RecallView } from '../views/recall';

@Resolver('Recall')
export class RecallResolver {
  @ResolveField('asset')
  async asset({ row, moment }: RecallView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('placements')
  placements({ row, moment }: RecallView, args: PageArguments, asking: Asking) {
    const view = (item: ConstructorParameters<typeof RecalledView>[0], then: RecallView['moment']) =>
      new RecalledView(item, then);
    return listing(asking, recallItems, at(moment, args), view, { recallId: row.recall });
  }

  @ResolveField('history')
  history({ row, moment }: RecallView, args: PageArguments, asking: Asking) {
    const asked = at(moment, { ...args, orderBy: NEWEST_FIRST });
    return listing(asking, events, asked, eventView, { recallId: row.recall });
  }
}

@Resolver('RecalledPlacement')
export class RecalledPlacementResolver {
  @ResolveField('placement')
  async placement({ row, moment }: RecalledView) {
    return placementView(await moment.placement(row.placement), moment);
  }

  @ResolveField('asset')
  async asset({ row, moment }: RecalledView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('campaign')
  async campaign({ row, moment }: RecalledView) {
    return campaignView(await moment.campaign(row.campaign), moment);
  }
}

/** What an obligation of each kind is about. */
const ABOUT: Readonly<Record<string, Identified>> = {
  rightsEnd: 'licence',
  embargoEnd: 'licence',
  waiverEnd: 'waiver',
  placementEnd: 'placement',
  recallDue: 'recall',
};

@Resolver('Obligation')
export class ObligationResolver {
  @ResolveField('about')
  about({ row, moment }: ObligationView) {
    return OBJECTS[ABOUT[row.kind]!]?.find(moment, row.about) ?? null;
  }

  @ResolveField('asset')
  async asset({ row, moment }: ObligationView) {
    return row.asset === null ? null : assetView(await moment.asset(row.asset), moment);
  }
}

@Resolver('Finding')
export class FindingResolver {
  @ResolveField('placement')
  placement({ row, moment }: FindingView) {
    return placementView(row, moment);
  }

  @ResolveField('asset')
  async asset({ row, moment }: FindingView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('campaign')
  async campaign({ row, moment }: FindingView) {
    return campaignView(await moment.campaign(row.campaign), moment);
  }

  @ResolveField('cause')
  async cause({ row, moment }: FindingView) {
    return eventView(await moment.told(row.findingCause!), moment);
  }
}
