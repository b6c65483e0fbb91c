import { type Row, table } from '../../src/tables/projection';

/** What will be due, of what kind and by when; gone as soon as it is done or no longer applies. */
export const obligation = table({
  columns: {
    /** rightsEnd, embargoEnd, waiverEnd, placementEnd or recallDue. */
    kind: 'word',
    /** UUID of the licence, waiver, placement or recall. */
    about: 'uuid',
    due: 'instant',
    /** The asset, where it is about one. */
    asset: 'uuid?',
    since: 'position',
  },
  key: ['kind', 'about'],
  temporal: true,
  indexes: [{ columns: ['due'] }, { columns: ['asset'] }],
});

export const tables = { obligation };

export type ObligationRow = Row<typeof obligation>;
