import { type Row, table } from '../../src/tables/projection';

/** What is known of the bytes of each content that a scanner or a check looked at. */
export const custody = table({
  columns: {
    digest: 'digest',
    /** clean, infected or failed; null while no scanner looked. */
    verdict: 'word?',
    engine: 'word?',
    definitions: 'word?',
    finding: 'text?',
    scannedAt: 'instant?',
    /** good, missing or damaged; null while nobody checked. */
    fixity: 'word?',
    /** The digest that damaged bytes had. */
    found: 'digest?',
    checkedAt: 'instant?',
    /** When a check last found them as they must be. */
    goodAt: 'instant?',
    changed: 'position',
  },
  key: ['digest'],
  temporal: true,
  indexes: [{ columns: ['fixity', 'digest'] }],
});

export const tables = { custody };

export type CustodyRow = Row<typeof custody>;
