import { ResolveField, Resolver } from '@nestjs/graphql';
import { events, NEWEST_FIRST } from '../../../projections/history/queries';
import { covered } from '../../../projections/licences/queries';
import type { Asking } from '../asking';
import { at, listing, type PageArguments } from '../listing';
import { versionAt } from '../node';
import { assetView } from '../views/asset';
import { eventView } from '../views/history';
import { CoveredAssetView, type LicenceView, type LineageView } from '../views/licence';
import type { WaiverView } from '../views/waiver';

@Resolver('Licence')
export class LicenceResolver {
  @ResolveField('assets')
  assets({ row, moment }: LicenceView, args: PageArguments, asking: Asking) {
    const view = (cover: ConstructorParameters<typeof CoveredAssetView>[0], then: LicenceView['moment']) =>
      new CoveredAssetView(cover, then);
    return listing(asking, covered, at(moment, args), view, { licenceId: row.licence });
  }

  @ResolveField('history')
  history({ row, moment }: LicenceView, args: PageArguments, asking: Asking) {
    const asked = at(moment, { ...args, orderBy: NEWEST_FIRST });
    return listing(asking, events, asked, eventView, { licenceId: row.licence });
  }
}

@Resolver('CoveredAsset')
export class CoveredAssetResolver {
  @ResolveField('asset')
  async asset({ row, moment }: CoveredAssetView) {
    return assetView(await moment.asset(row.asset), moment);
  }
}

@Resolver('LineageLink')
export class LineageLinkResolver {
  @ResolveField('asset')
  async asset({ row, moment }: LineageView) {
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('origin')
  async origin({ row, moment }: LineageView) {
    return assetView(await moment.asset(row.origin), moment);
  }

  @ResolveField('content')
  content({ row, moment }: LineageView) {
    return row.version === null ? null : versionAt(moment, row.origin, row.version);
  }
}

@Resolver('Waiver')
export class WaiverResolver {
  @ResolveField('asset')
  async asset({ row, moment }: WaiverView) {
    return assetView(await moment.asset(row.asset), moment);
  }
}
