import { type Row, table } from '../../src/tables/projection';

/** What an analyser read last in the bytes of a content. */
export const facts = table({
  columns: { digest: 'digest', analyser: 'word', analyserVersion: 'word', said: 'json', changed: 'position' },
  key: ['digest'],
  temporal: true,
});

/** What became of each rendition of a content, by profile: the last report counts. */
export const rendition = table({
  columns: {
    digest: 'digest',
    profile: 'word',
    profileVersion: 'integer',
    library: 'word',
    /** The rest is null where it failed. */
    rendition: 'digest?',
    bytes: 'integer?',
    mediaType: 'word?',
    width: 'integer?',
    height: 'integer?',
    /** Why it failed, in a word; null where it is there. */
    failure: 'word?',
    changed: 'position',
  },
  key: ['digest', 'profile'],
  temporal: true,
});

export const tables = { facts, rendition };

export type FactsRow = Row<typeof facts>;
export type RenditionRow = Row<typeof rendition>;
