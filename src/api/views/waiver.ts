import { waiversById } from '../../../projections/waivers/queries';
import type { WaiverRow } from '../../../projections/waivers/tables';
import type { Ruling } from '../../domain/compliance';
import { waiverId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';

/** A waiver's row under the names of the schema. */
export class WaiverView {
  readonly __typename = 'Waiver';

  constructor(
    readonly row: WaiverRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(waiverId(this.row.waiver));
  }
  get version(): number {
    return this.row.version;
  }
  get digest(): string {
    return this.row.digest;
  }
  get rules(): readonly string[] {
    return this.row.rules;
  }
  get waivedUntil(): string {
    return this.row.until;
  }
  get reason(): string {
    return this.row.reason;
  }
  get by(): ActorView {
    return new ActorView(this.row.by, this.moment);
  }
  get since(): string {
    return this.row.sinceAt;
  }
  get endedAt(): string | null {
    return this.row.endedAt;
  }
  get endedBy(): ActorView | null {
    return actorView(this.row.endedBy, this.moment);
  }
  get endReason(): string | null {
    return this.row.endReason;
  }
  get position(): string {
    return this.row.since;
  }
}

export const waiverView = (row: WaiverRow | undefined, moment: Moment): WaiverView | null =>
  row === undefined ? null : new WaiverView(row, moment);

export async function waiverAt(moment: Moment, uuid: string): Promise<WaiverView | null> {
  return waiverView(await moment.load('waiver', 'waivers', waiversById, uuid), moment);
}

/** What became of a rule, under the names of the schema. */
export function rulingView({ codes = [], waiver, ...ruling }: Ruling): object {
  return { ...ruling, codes, waiverId: waiver && waiverId(waiver) };
}
