import { licencesById } from '../../../projections/licences/queries';
import type { CoverRow, LicenceRow } from '../../../projections/licences/tables';
import type { LinkRow } from '../../../projections/lineage/tables';
import type { Terms } from '../../domain/rights/terms';
import { streamOf } from '../../domain/stream';
import type { Moment } from '../moment';
import { ActorView } from './actor';

/** A licence's row under the names of the schema. */
export class LicenceView {
  readonly __typename = 'Licence';

  constructor(
    readonly row: LicenceRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(streamOf('licence', this.row.licence));
  }
  get computedAt(): string {
    return this.moment.computedAt;
  }
  get holder(): string {
    return this.row.holder;
  }
  get reference(): string | null {
    return this.row.reference;
  }
  get terms(): object {
    return termsShown(this.row.terms as Terms);
  }
  get uses(): number {
    return this.row.uses;
  }
  get endsAt(): string | null {
    return this.row.ends;
  }
  get endedEarly(): boolean {
    return this.row.endedEarly;
  }
  get endReason(): string | null {
    return this.row.endReason;
  }
  get grantedBy(): ActorView {
    return new ActorView(this.row.grantedBy, this.moment);
  }
  get grantedAt(): string {
    return this.row.grantedAt;
  }
  get revision(): number {
    return this.row.revision;
  }
  get position(): string {
    return this.row.changed;
  }
}

/** Terms with an empty list where they name none. */
export function termsShown(terms: Terms): object {
  return { forbidden: [], exceptTerritories: [], channels: [], languages: [], ...terms };
}

export const licenceView = (row: LicenceRow | undefined, moment: Moment): LicenceView | null =>
  row === undefined ? null : new LicenceView(row, moment);

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
export class LineageView {
  constructor(
    readonly row: LinkRow,
    readonly moment: Moment,
  ) {}

  get version(): number | null {
    return this.row.version;
  }
  get relation(): string {
    return this.row.relation;
  }
  get since(): string {
    return this.row.sinceAt;
  }
  get position(): string {
    return this.row.since;
  }
}
