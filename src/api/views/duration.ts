import type { Duration } from '../../../projections/signals/durations';
import { viewOf } from './rowview';

/** Durations of cases with the same dimensions, under the names of the schema. */
export class DurationView extends viewOf<Duration>()(
  'week',
  'month',
  'quarter',
  'kind',
  'tool',
  'mediaType',
  'authorKind',
  'role',
  'begun',
  'ended',
  'dropped',
  'open',
) {
  get year(): number | null {
    return this.row.year ? Number(this.row.year) : null;
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
