import { type Row, table } from '../../src/tables/projection';

/** What each asset was made from, is an instance of, or holds. Of several versions of one origin, the last named. */
export const link = table({
  columns: {
    asset: 'uuid',
    origin: 'uuid',
    /** parent, template or component. */
    relation: 'word',
    /** Version of the origin; null where a report named none. */
    version: 'integer?',
    since: 'position',
    sinceAt: 'instant',
  },
  key: ['asset', 'origin', 'relation'],
  temporal: true,
  indexes: [{ columns: ['origin', 'since'] }, { columns: ['since'] }],
});

export const tables = { link };

export type LinkRow = Row<typeof link>;
