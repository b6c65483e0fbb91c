import type { Recorded } from '../../src/domain/catalogue';
import { projection, type RowsOf } from '../../src/tables/projection';
import { type CustodyRow, tables } from './tables';

type Custodies = RowsOf<typeof tables>;

/** What scanners and checks found out about bytes. */
export const custody = projection({
  name: 'custody',
  version: 1,
  tables,
  on: {
    ContentScanned: (event, rows) => {
      const { verdict, engine, definitions = null, finding = null } = event.data;
      change(event, rows, { verdict, engine, definitions, finding, scannedAt: event.metadata.occurredAt });
    },
    FixityChecked: (event, rows) => {
      const { outcome, found = null } = event.data;
      const { occurredAt } = event.metadata;
      const good = outcome === 'good' ? { goodAt: occurredAt } : {};
      change(event, rows, { fixity: outcome, found, checkedAt: occurredAt, ...good });
    },
  },
});

function change(
  event: Recorded<'ContentScanned' | 'FixityChecked'>,
  rows: Custodies,
  to: Partial<Omit<CustodyRow, 'digest'>>,
): void {
  const { digest } = event.data;
  rows.custody.put({ ...(rows.custody.get({ digest }) ?? untouched(digest)), ...to, changed: event.position });
}

function untouched(digest: string): Omit<CustodyRow, 'changed'> {
  return {
    digest,
    verdict: null,
    engine: null,
    definitions: null,
    finding: null,
    scannedAt: null,
    fixity: null,
    found: null,
    checkedAt: null,
    goodAt: null,
  };
}
