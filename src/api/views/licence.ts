import { licencesById } from '../../../projections/licences/queries';
import type { CoverRow, LicenceRow } from '../../../projections/licences/tables';
import type { LinkRow } from '../../../projections/lineage/tables';
import { toOdrl } from '../../domain/rights/odrl';
import type { Terms } from '../../domain/rights/terms';
import { streamOf } from '../../domain/stream';
import type { Moment } from '../moment';
import { ActorView } from './actor';
import { orNull, viewOf } from './rowview';

/** A licence's row under the names of the schema. */
export class LicenceView extends viewOf<LicenceRow>()(
  'holder',
  'reference',
  'endedEarly',
  'endReason',
  'grantedAt',
  'revision',
) {
  readonly __typename = 'Licence';

  get id(): string {
    return this.moment.idOf(streamOf('licence', this.row.licence));
  }
  get terms(): object {
    return termsShown(this.row.terms as Terms);
  }
  get odrl(): string {
    const { licence, holder, terms } = this.row;
    return JSON.stringify(toOdrl(licence, holder, terms as Terms));
  }
  get uses(): number {
    return this.row.uses;
  }
  get endsAt(): string | null {
    return this.row.ends;
  }
  get grantedBy(): ActorView {
    return new ActorView(this.row.grantedBy, this.moment);
  }
  get position(): string {
    return this.row.changed;
  }
}

/** Terms with an empty list where they name none. */
export function termsShown(terms: Terms): object {
  return { forbidden: [], exceptTerritories: [], channels: [], languages: [], ...terms };
}

export const licenceView = orNull(LicenceView);

export async function licenceAt(moment: Moment, uuid: string): Promise<LicenceView | null> {
  return licenceView(await moment.load('licence', 'licences', licencesById, uuid), moment);
}

/** An asset under a licence. */
export class CoveredAssetView {
  constructor(
    readonly row: CoverRow,
    readonly moment: Moment,
  ) {}

  get since(): string {
    return this.row.sinceAt;
  }
  get by(): ActorView {
    return new ActorView(this.row.by, this.moment);
  }
}

/** A step of a lineage: an asset and a version that it comes from or holds. */
export class LineageView extends viewOf<LinkRow>()('version', 'relation') {
  get since(): string {
    return this.row.sinceAt;
  }
  get position(): string {
    return this.row.since;
  }
}
