import type { Recorded } from '../../src/domain/catalogue';
import type { Terms } from '../../src/domain/rights/terms';
import { projection, type RowsOf } from '../../src/tables/projection';
import { subjectOf } from '../subject';
import { tables } from './tables';

type Obligations = RowsOf<typeof tables>;

/** Dates that somebody must keep in mind: rights and exceptions that end, embargoes, placements and recalls. */
export const obligations = projection({
  name: 'obligations',
  version: 1,
  tables,
  on: {
    LicenceGranted: (event, rows) => termsOf(event, rows, event.data.terms),
    LicenceAmended: (event, rows) => termsOf(event, rows, event.data.terms),
    LicenceEnded: (event, rows) => owe(event, rows, 'rightsEnd', subjectOf(event), event.data.endsAt),
    RulesWaived: (event, rows) => {
      const { waiver, waivedUntil } = event.data;
      owe(event, rows, 'waiverEnd', waiver, waivedUntil, subjectOf(event));
    },
    WaiverEnded: (event, rows) => rows.obligation.delete({ kind: 'waiverEnd', about: event.data.waiver }),
    PlacementStarted: runs,
    PlacementObserved: runs,
    PlacementEnded: (event, rows) => rows.obligation.delete({ kind: 'placementEnd', about: event.data.placement }),
    PlacementEndObserved: (event, rows) =>
      rows.obligation.delete({ kind: 'placementEnd', about: event.data.placement }),
    RecallOpened: (event, rows) => {
      const { dueBy, asset } = event.data;
      owe(event, rows, 'recallDue', subjectOf(event), dueBy, asset);
    },
    RecallClosed: (event, rows) => rows.obligation.delete({ kind: 'recallDue', about: subjectOf(event) }),
  },
});

function termsOf(event: Recorded, rows: Obligations, { until, embargoUntil }: Terms): void {
  owe(event, rows, 'rightsEnd', subjectOf(event), until);
  owe(event, rows, 'embargoEnd', subjectOf(event), embargoUntil);
}

function runs(event: Recorded<'PlacementStarted' | 'PlacementObserved'>, rows: Obligations): void {
  const { placement, runsUntil } = event.data;
  owe(event, rows, 'placementEnd', placement, runsUntil, subjectOf(event));
}

/** Without an instant nothing is owed, and what was owed before no longer is. */
function owe(
  event: Recorded,
  rows: Obligations,
  kind: string,
  about: string,
  due: string | undefined,
  asset?: string,
): void {
  if (due === undefined) rows.obligation.delete({ kind, about });
  else rows.obligation.put({ kind, about, due, asset: asset ?? null, since: event.position });
}
