import { type Row, table } from '../../src/tables/projection';

/** What each licence permits, and until when. */
export const licence = table({
  columns: {
    licence: 'uuid',
    holder: 'word',
    reference: 'text?',
    /** `Terms`. */
    terms: 'json',
    /** Placements that were counted. */
    uses: 'integer',
    /** The first instant at which it permits nothing any more: its own end, or the one that was set. */
    ends: 'instant?',
    endedEarly: 'boolean',
    endReason: 'text?',
    granted: 'position',
    grantedAt: 'instant',
    grantedBy: 'word',
    /** Last revision of its stream and position of that event. */
    revision: 'integer',
    changed: 'position',
  },
  key: ['licence'],
  temporal: true,
  indexes: [{ columns: ['granted'] }, { columns: ['ends'] }],
});

/** Which licence covers which asset. */
export const cover = table({
  columns: { licence: 'uuid', asset: 'uuid', since: 'position', sinceAt: 'instant', by: 'word' },
  key: ['licence', 'asset'],
  temporal: true,
  indexes: [{ columns: ['asset'] }, { columns: ['licence', 'since'] }],
});

export const tables = { licence, cover };

export type LicenceRow = Row<typeof licence>;
export type CoverRow = Row<typeof cover>;
