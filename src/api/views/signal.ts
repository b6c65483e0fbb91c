import type { Signal } from '../../../projections/signals/list';
import type { Moment } from '../moment';
import { type ActorView, actorView } from './actor';

/** Facts with the same dimensions, under the names of the schema. */
export class SignalView {
  constructor(
    readonly row: Signal,
    readonly moment: Moment,
  ) {}

  get day(): string | null | undefined {
    return this.row.day;
  }
  get week(): string | null | undefined {
    return this.row.week;
  }
  get month(): string | null | undefined {
    return this.row.month;
  }
  get quarter(): string | null | undefined {
    return this.row.quarter;
  }
  get year(): number | null {
    return this.row.year ? Number(this.row.year) : null;
  }
  get kind(): string | null | undefined {
    return this.row.kind;
  }
  get tool(): string | null | undefined {
    return this.row.tool;
  }
  get actor(): ActorView | null {
    return actorView(this.row.actor, this.moment);
  }
  get mediaType(): string | null | undefined {
    return this.row.mediaType;
  }
  get market(): string | null | undefined {
    return this.row.market;
  }
  get channel(): string | null | undefined {
    return this.row.channel;
  }
  get brand(): string | null | undefined {
    return this.row.brand;
  }
  get role(): string | null | undefined {
    return this.row.role;
  }
  get source(): string | null | undefined {
    return this.row.source;
  }
  get count(): number {
    return this.row.count;
  }
  get meanSecondsToApproval(): number | undefined {
    return this.row.meanSeconds;
  }
}
