import { table } from '../../src/tables/projection';

/** Who made which bytes, of whatever asset: one row for each of them, so that no row grows and one look finds it. */
export const maker = table({
  columns: {
    digest: 'digest',
    /** Canonical id of the author, of the person on whose behalf the author acted, or of a contributor. */
    maker: 'word',
    /** Where the log says so first. */
    since: 'position',
  },
  key: ['digest', 'maker'],
});

export const tables = { maker };
