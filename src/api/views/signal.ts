import type { Signal } from '../../../projections/signals/list';
import { type ActorView, actorView } from './actor';
import { viewOf } from './rowview';

/** Facts with the same dimensions, under the names of the schema. */
export class SignalView extends viewOf<Signal>()(
  'day',
  'week',
  'month',
  'quarter',
  'kind',
  'tool',
  'mediaType',
  'market',
  'channel',
  'brand',
  'role',
  'source',
  'count',
) {
  get year(): number | null {
    return this.row.year ? Number(this.row.year) : null;
  }
  get actor(): ActorView | null {
    return actorView(this.row.actor, this.moment);
  }
  get meanSecondsToApproval(): number | undefined {
    return this.row.meanSeconds;
  }
}
