import { waiversById } from '../../../projections/waivers/queries';
import type { WaiverRow } from '../../../projections/waivers/tables';
import type { Ruling } from '../../domain/compliance';
import { waiverId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';
import { orNull, viewOf } from './rowview';

/** A waiver's row under the names of the schema. */
export class WaiverView extends viewOf<WaiverRow>()('version', 'digest', 'rules', 'reason', 'endedAt', 'endReason') {
  readonly __typename = 'Waiver';

  get id(): string {
    return this.moment.idOf(waiverId(this.row.waiver));
  }
  get waivedUntil(): string {
    return this.row.until;
  }
  get by(): ActorView {
    return new ActorView(this.row.by, this.moment);
  }
  get since(): string {
    return this.row.sinceAt;
  }
  get endedBy(): ActorView | null {
    return actorView(this.row.endedBy, this.moment);
  }
  get position(): string {
    return this.row.since;
  }
}

export const waiverView = orNull(WaiverView);

export async function waiverAt(moment: Moment, uuid: string): Promise<WaiverView | null> {
  return waiverView(await moment.load('waiver', 'waivers', waiversById, uuid), moment);
}

/** What became of a rule, under the names of the schema. */
export function rulingView({ codes = [], waiver, ...ruling }: Ruling): object {
  return { ...ruling, codes, waiverId: waiver && waiverId(waiver) };
}
