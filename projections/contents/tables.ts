import { type Row, table } from '../../src/tables/projection';

/** What a campaign contains, as a tool reported it: its leaves (see leaves.ts). */
export const contents = table({
  columns: {
    campaign: 'uuid',
    /** `Leaf[]`, in the order of the paths. */
    leaves: 'json',
    files: 'integer',
    /** How many of them no version of an asset has. */
    offRecord: 'integer',
  },
  key: ['campaign'],
  temporal: true,
});

/** A stretch of files, named by the event that made it. Written once and shared by every campaign that has these files. */
export const leaf = table({
  columns: {
    campaign: 'uuid',
    revision: 'integer',
    ordinal: 'integer',
    files: 'json',
    position: 'position',
    occurredAt: 'instant',
  },
  key: ['campaign', 'revision', 'ordinal'],
});

export const tables = { contents, leaf };

export type ContentsRow = Row<typeof contents>;
