import { table } from '../../src/tables/projection';

/** Who made which bytes, of whatever asset: one row for each of them, so that no row grows and one look finds it. */
export const maker = table({
  columns: {
    digest: 'digest',
    /** Canonical id of the author, of the person on whose behalf the author acted, or of a contributor. */
    maker: 'word',
    /** Of the event by which the log says so first. */
    position: 'position',
    occurredAt: 'instant',
  },
  key: ['digest', 'maker'],
});

export const tables = { maker };
