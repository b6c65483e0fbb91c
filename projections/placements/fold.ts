import type { Recorded } from '../../src/domain/catalogue';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type PlacementRow, tables } from './tables';

type Placements = RowsOf<typeof tables>;

/** Which version ran where, when, and by which approval; what was only observed says so. */
export const placements = projection({
  name: 'placements',
  version: 6,
  tables,
  on: {
    PlacementStarted: (event, rows) => {
      rows.placement.put({ ...started(event), approval: event.data.approval });
    },
    PlacementObserved: (event, rows) => {
      const { path, evidence, wouldRefuse } = event.data;
      const observed = { observed: true, path: path ?? null, evidence: evidence ?? null, wouldRefuse };
      rows.placement.put({ ...started(event), ...observed });
    },
    ApprovalLapsed: (event, rows) => {
      const { position, metadata, data } = event;
      rows.lapse.put({ approval: data.approval, position, occurredAt: metadata.occurredAt });
    },
    PlacementEnded: (event, rows) => end(event, rows, { reason: event.data.reason ?? null }),
    PlacementEndObserved: (event, rows) => end(event, rows, { endEvidence: event.data.evidence ?? null }),
  },
});

function started(event: Recorded<'PlacementStarted' | 'PlacementObserved'>): PlacementRow {
  const { placement, version, digest, campaign, channel, market } = event.data;
  const { slot, url, language, goesLiveAt, runsUntil, disclosure, rulings } = event.data;
  return {
    placement,
    asset: subjectOf(event),
    version: version ?? null,
    digest,
    path: null,
    campaign,
    channel,
    market: market ?? null,
    slot: slot ?? null,
    url: url ?? null,
    language: language ?? null,
    goesLiveAt: goesLiveAt ?? null,
    runsUntil: runsUntil ?? null,
    disclosure: disclosure ?? null,
    rulings: rulings ?? null,
    approval: null,
    observed: false,
    wouldRefuse: null,
    evidence: null,
    started: event.position,
    startedAt: event.metadata.occurredAt,
    startedBy: event.metadata.actorId,
    recordedAt: event.recordedAt,
    ended: null,
    endedAt: null,
    endedBy: null,
    reason: null,
    endEvidence: null,
  };
}

function end(
  event: Recorded<'PlacementEnded' | 'PlacementEndObserved'>,
  rows: Placements,
  why: Partial<PlacementRow>,
): void {
  const before = found(rows.placement.get({ placement: event.data.placement }), event);
  const { occurredAt, actorId } = event.metadata;
  rows.placement.put({ ...before, ...why, ended: event.position, endedAt: occurredAt, endedBy: actorId });
}
