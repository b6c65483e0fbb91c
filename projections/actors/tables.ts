import { type Row, table } from '../../src/tables/projection';

/** Everybody whom the log names as acting, as acted for, or as a maker of content. */
export const actor = table({
  columns: {
    /** The opaque id, as it is recorded. */
    actor: 'word',
    /** Person, service, agent or import; null for an actor that never acted. */
    kind: 'word?',
    /** Position of the first event that names it. */
    since: 'position',
  },
  key: ['actor'],
  temporal: true,
  indexes: [{ columns: ['since'] }],
});

export const tables = { actor };

export type ActorRow = Row<typeof actor>;
