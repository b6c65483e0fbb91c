import { EVENT_TYPES, type Recorded } from '../../src/domain/catalogue';
import { type Projection, projection, type RowsOf } from '../../src/tables/projection';
import { subjectOf } from '../subject';
import { keptOf } from './sentences';
import { tables } from './tables';

/** One row for every event of every type. */
export const history = projection({
  name: 'history',
  version: 4,
  tables,
  on: Object.fromEntries(EVENT_TYPES.map((type) => [type, tell])) as Projection<typeof tables>['on'],
});

function tell(event: Recorded, rows: RowsOf<typeof tables>): void {
  const { metadata } = event;
  const kept = keptOf(event);
  rows.event.put({
    position: event.position,
    subject: subjectOf(event),
    revision: event.revision,
    type: event.type,
    actor: metadata.actorId,
    actorKind: metadata.actorKind,
    onBehalfOf: metadata.onBehalfOf ?? null,
    tool: metadata.tool,
    occurredAt: metadata.occurredAt,
    recordedAt: event.recordedAt,
    version: kept.version ?? null,
    word: kept.word ?? null,
    extra: kept.extra ?? null,
    campaign: kept.campaign ?? null,
    text: kept.text ?? null,
  });
}
