import { type Row, table } from '../../src/tables/projection';

/** One row for every event: who, when, and just what its sentence needs. Written once and never changed. */
export const event = table({
  columns: {
    position: 'position',
    /** UUID of what its stream is of; the type says what that is. */
    subject: 'uuid',
    revision: 'integer',
    type: 'word',
    actor: 'word',
    actorKind: 'word',
    onBehalfOf: 'word?',
    tool: 'word',
    occurredAt: 'instant',
    recordedAt: 'recordedAt',
    /** Number of the version it is about. */
    version: 'integer?',
    /** A word of the sentence: the decision, the channel, the reason an approval lapsed. */
    word: 'word?',
    /** A second one: the role, the market. */
    extra: 'word?',
    /** The campaign it is about, where that is not the subject. */
    campaign: 'word?',
    /** Free words: a title, a note, a reason, a path. */
    text: 'text?',
  },
  key: ['position'],
  indexes: [{ columns: ['subject'] }, { columns: ['occurredAt'] }],
});

export const tables = { event };

export type HistoryRow = Row<typeof event>;
