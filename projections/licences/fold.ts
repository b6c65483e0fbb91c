import type { Recorded } from '../../src/domain/catalogue';
import type { Terms } from '../../src/domain/rights/terms';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type LicenceRow, tables } from './tables';

type Licences = RowsOf<typeof tables>;

/** Every licence as it stands, and the assets it covers. */
export const licences = projection({
  name: 'licences',
  version: 2,
  tables,
  on: {
    LicenceGranted: grant,
    LicenceAmended: (event, rows) => change(event, rows, { terms: event.data.terms, ends: endOf(event.data.terms) }),
    LicenceEnded: (event, rows) =>
      change(event, rows, { ends: event.data.endsAt, endedEarly: true, endReason: event.data.reason }),
    UseCounted: (event, rows) => {
      const { uses } = found(rows.licence.get({ licence: subjectOf(event) }), event);
      change(event, rows, { uses: uses + 1 });
    },
    LicenceAttached: (event, rows) => {
      const { position: since, metadata } = event;
      const { occurredAt: sinceAt, actorId: by } = metadata;
      rows.cover.put({ licence: event.data.licence, asset: subjectOf(event), since, sinceAt, by });
    },
    LicenceDetached: (event, rows) => rows.cover.delete({ licence: event.data.licence, asset: subjectOf(event) }),
  },
});

const endOf = ({ until }: Terms): string | null => until ?? null;

function grant(event: Recorded<'LicenceGranted'>, rows: Licences): void {
  const { holder, reference, terms } = event.data;
  rows.licence.put({
    licence: subjectOf(event),
    holder,
    reference: reference ?? null,
    terms,
    uses: 0,
    ends: endOf(terms),
    endedEarly: false,
    endReason: null,
    granted: event.position,
    grantedAt: event.metadata.occurredAt,
    grantedBy: event.metadata.actorId,
    revision: event.revision,
    changed: event.position,
  });
}

function change(event: Recorded, rows: Licences, to: Partial<LicenceRow>): void {
  const before = found(rows.licence.get({ licence: subjectOf(event) }), event);
  rows.licence.put({ ...before, ...to, revision: event.revision, changed: event.position });
}
