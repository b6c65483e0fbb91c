import type { Recorded } from '../../src/domain/catalogue';
import type { RecalledPlacement } from '../../src/domain/recall/parts';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type RecallItemRow, type RecallRow, tables } from './tables';

type Recalls = RowsOf<typeof tables>;

/** Every recall and what became of each of its placements. */
export const recalls = projection({
  name: 'recalls',
  version: 1,
  tables,
  on: {
    RecallOpened: open,
    RecallJoined: (event, rows) => {
      add(event, rows, event.data, true);
      change(event, rows, ({ total, unresolved }) => ({ total: total + 1, unresolved: unresolved + 1 }));
    },
    RecallAnswered: answer,
    RecallClosed: (event, rows) =>
      change(event, rows, () => ({
        status: 'closed',
        closedAt: event.metadata.occurredAt,
        closedBy: event.metadata.actorId,
        note: event.data.note ?? null,
      })),
  },
});

function open(event: Recorded<'RecallOpened'>, rows: Recalls): void {
  const { asset, reason, dueBy, placements } = event.data;
  rows.recall.put({
    recall: subjectOf(event),
    asset,
    reason,
    status: 'open',
    dueBy,
    total: placements.length,
    unresolved: placements.length,
    opened: event.position,
    openedAt: event.metadata.occurredAt,
    openedBy: event.metadata.actorId,
    closedAt: null,
    closedBy: null,
    note: null,
    revision: event.revision,
    changed: event.position,
  });
  for (const placement of placements) add(event, rows, placement, false);
}

function add(event: Recorded, rows: Recalls, what: RecalledPlacement, joinedLater: boolean): void {
  const { placement, asset, campaign, version, channel, market } = what;
  rows.item.put({
    recall: subjectOf(event),
    placement,
    asset,
    campaign,
    version: version ?? null,
    channel,
    market: market ?? null,
    answer: 'asked',
    reason: null,
    evidence: null,
    joinedLater,
    since: event.position,
    answeredAt: null,
    answeredBy: null,
  });
}

const isResolved = ({ answer: word }: Pick<RecallItemRow, 'answer'>): boolean =>
  word === 'takenDown' || word === 'refused';

function answer(event: Recorded<'RecallAnswered'>, rows: Recalls): void {
  const { placement, answer: word, reason, evidence } = event.data;
  const before = found(rows.item.get({ recall: subjectOf(event), placement }), event);
  const { occurredAt: answeredAt, actorId: answeredBy } = event.metadata;
  const said = { reason: reason ?? before.reason, evidence: evidence ?? before.evidence };
  const after = { ...before, answer: word, ...said, answeredAt, answeredBy };
  rows.item.put(after);
  const resolved = Number(isResolved(after)) - Number(isResolved(before));
  change(event, rows, ({ unresolved }) => ({ unresolved: unresolved - resolved }));
}

function change(event: Recorded, rows: Recalls, by: (before: RecallRow) => Partial<RecallRow>): void {
  const before = found(rows.recall.get({ recall: subjectOf(event) }), event);
  rows.recall.put({ ...before, ...by(before), revision: event.revision, changed: event.position });
}
