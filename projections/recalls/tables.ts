import { type Row, table } from '../../src/tables/projection';

/** Every recall, and how much of it is done. */
export const recall = table({
  columns: {
    recall: 'uuid',
    asset: 'uuid',
    reason: 'text',
    /** open or closed. */
    status: 'word',
    dueBy: 'instant',
    total: 'integer',
    /** Placements that are neither taken down nor refused. */
    unresolved: 'integer',
    opened: 'position',
    openedAt: 'instant',
    openedBy: 'word',
    closedAt: 'instant?',
    closedBy: 'word?',
    note: 'text?',
    /** Last revision of its stream and position of that event. */
    revision: 'integer',
    changed: 'position',
  },
  key: ['recall'],
  temporal: true,
  indexes: [{ columns: ['opened'] }, { columns: ['asset'] }],
});

/** What a recall is about. */
export const item = table({
  columns: {
    recall: 'uuid',
    placement: 'uuid',
    asset: 'uuid',
    campaign: 'word',
    version: 'integer?',
    channel: 'word',
    market: 'word?',
    /** asked, acknowledged, takenDown or refused. */
    answer: 'word',
    reason: 'text?',
    /** `Evidence` that it is gone. */
    evidence: 'json?',
    /** It came after the recall was opened. */
    joinedLater: 'boolean',
    since: 'position',
    answeredAt: 'instant?',
    answeredBy: 'word?',
  },
  key: ['recall', 'placement'],
  temporal: true,
  indexes: [{ columns: ['recall', 'since'] }],
});

export const tables = { recall, item };

export type RecallRow = Row<typeof recall>;
export type RecallItemRow = Row<typeof item>;
