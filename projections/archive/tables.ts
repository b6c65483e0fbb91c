import { type Row, table } from '../../src/tables/projection';

/** What has left production, by the event that took it out. The row goes when the thing comes back. */
export const entry = table({
  columns: {
    position: 'position',
    /** version (superseded), asset (retired) or placement (ended). */
    what: 'word',
    asset: 'uuid',
    /** The version that left; of an asset, the one it left with; null where it never had content. */
    version: 'integer?',
    digest: 'digest?',
    placement: 'uuid?',
    /** When it left, as the source says: never an order. */
    since: 'instant',
    recordedAt: 'recordedAt',
    by: 'word',
    reason: 'text?',
  },
  key: ['position'],
  temporal: true,
  indexes: [{ columns: ['since'] }, { columns: ['asset', 'since'] }],
});

/** What runs somewhere, as long as it runs. */
export const running = table({
  columns: {
    placement: 'uuid',
    asset: 'uuid',
    /** Null where what was observed is no version. */
    version: 'integer?',
    digest: 'digest',
  },
  key: ['placement'],
  temporal: true,
  indexes: [{ columns: ['digest'], past: true }],
});

/** The version an asset is at, and the entry by which it is retired; no row while it has no content. */
export const current = table({
  columns: { asset: 'uuid', version: 'integer', digest: 'digest?', retired: 'position?' },
  key: ['asset'],
  temporal: true,
});

export const tables = { entry, running, current };

export type ArchiveRow = Row<typeof entry>;
export type CurrentRow = Row<typeof current>;
