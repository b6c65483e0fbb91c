import { type Row, table } from '../../src/tables/projection';

/** Exceptions from rules: for which content, until when, and who answers for them. */
export const waiver = table({
  columns: {
    waiver: 'uuid',
    asset: 'uuid',
    version: 'integer',
    digest: 'digest',
    rules: 'list',
    until: 'instant',
    reason: 'text',
    by: 'word',
    since: 'position',
    sinceAt: 'instant',
    /** When somebody took it back before its time. */
    endedAt: 'instant?',
    endedBy: 'word?',
    endReason: 'text?',
  },
  key: ['waiver'],
  temporal: true,
  indexes: [{ columns: ['asset', 'since'] }, { columns: ['since'] }, { columns: ['until'] }],
});

export const tables = { waiver };

export type WaiverRow = Row<typeof waiver>;
