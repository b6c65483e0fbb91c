import type { Duration } from '../../../projections/signals/durations';
import type { Moment } from '../moment';

/** Durations of cases with the same dimensions, under the names of the schema. */
export class DurationView {
  constructor(
    readonly row: Duration,
    readonly moment: Moment,
  ) {}

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
  get mediaType(): string | null | undefined {
    return this.row.mediaType;
  }
  get authorKind(): string | null | undefined {
    return this.row.authorKind;
  }
  get role(): string | null | undefined {
    return this.row.role;
  }
  get begun(): number {
    return this.row.begun;
  }
  get ended(): number {
    return this.row.ended;
  }
  get dropped(): number {
    return this.row.dropped;
  }
  get open(): number {
    return this.row.open;
  }
  get medianSeconds(): number | null {
    return this.row.median;
  }
  get p90Seconds(): number | null {
    return this.row.p90;
  }
  get p95Seconds(): number | null {
    return this.row.p95;
  }
  get meanSeconds(): number | null {
    return this.row.mean;
  }
}
