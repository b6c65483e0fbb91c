import type { Recorded } from '../../src/domain/catalogue';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type PlacementRow, tables } from './tables';

type Placements = RowsOf<typeof tables>;

/** Which version ran where, when, and by which approval; what was only observed says so. */
export const placements = projection({
  name: 'placements',
  version: 7,
  tables,
  on: {
    PlacementStarted: (event, rows) => {
      const { approval, placement, rulings = [] } = event.data;
      const waived = rulings.filter(({ outcome }) => outcome === 'waived').flatMap(({ codes = [] }) => codes);
      rows.placement.put({ ...started(event), approval, ...(waived.length > 0 && finding(event, 'waived', waived)) });
      const { placements = [] } = rows.approved.get({ approval }) ?? {};
      rows.approved.put({ approval, placements: [...placements, placement] });
    },
    PlacementObserved: (event, rows) => {
      const { path, evidence, wouldRefuse } = event.data;
      const observed = { observed: true, path: path ?? null, evidence: evidence ?? null, wouldRefuse };
      const found = wouldRefuse.length > 0 && finding(event, 'open', wouldRefuse);
      rows.placement.put({ ...started(event), ...observed, ...found });
    },
    ApprovalLapsed: (event, rows) => {
      const { position, metadata, data } = event;
      rows.lapse.put({ approval: data.approval, position, occurredAt: metadata.occurredAt });
      for (const placement of rows.approved.get({ approval: data.approval })?.placements ?? [])
        lapsed(event, rows, placement);
    },
    PlacementExamined: (event, rows) => {
      const { wouldRefuse, rulings = [] } = event.data;
      const waived = rulings.filter(({ outcome }) => outcome === 'waived').flatMap(({ codes = [] }) => codes);
      const status = wouldRefuse.length > 0 ? 'open' : waived.length > 0 ? 'waived' : 'closed';
      change(event, rows, finding(event, status, wouldRefuse.length > 0 ? wouldRefuse : waived));
    },
    FindingAcknowledged: (event, rows) => {
      const { found: codes } = found(rows.placement.get({ placement: event.data.placement }), event);
      change(event, rows, { ...finding(event, 'acknowledged', codes ?? []), findingNote: event.data.note });
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
    found: null,
    finding: null,
    findingCause: null,
    findingAt: null,
    findingNote: null,
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

type Finding = Pick<PlacementRow, 'found' | 'finding' | 'findingCause' | 'findingAt' | 'findingNote'>;

/** What the gate has against a placement, and since which event. */
function finding(event: Recorded, status: string, codes: readonly string[]): Finding {
  const { position: findingCause, metadata } = event;
  const found = [...new Set(codes)];
  return { found, finding: status, findingCause, findingAt: metadata.occurredAt, findingNote: null };
}

/** What runs by an approval that has lapsed stands without one. */
function lapsed(event: Recorded<'ApprovalLapsed'>, rows: Placements, placement: string): void {
  const before = rows.placement.get({ placement });
  if (before === undefined || before.ended !== null) return;
  rows.placement.put({ ...before, ...finding(event, 'open', ['NOT_APPROVED', ...(before.found ?? [])]) });
}

function change(
  event: Recorded<'PlacementExamined' | 'FindingAcknowledged'>,
  rows: Placements,
  to: Partial<PlacementRow>,
): void {
  const before = found(rows.placement.get({ placement: event.data.placement }), event);
  rows.placement.put({ ...before, ...to });
}

function end(
  event: Recorded<'PlacementEnded' | 'PlacementEndObserved'>,
  rows: Placements,
  why: Partial<PlacementRow>,
): void {
  const before = found(rows.placement.get({ placement: event.data.placement }), event);
  const { occurredAt, actorId } = event.metadata;
  const ended = { ended: event.position, endedAt: occurredAt, endedBy: actorId };
  const closed = before.finding !== null && before.finding !== 'closed' && finding(event, 'closed', before.found ?? []);
  rows.placement.put({ ...before, ...why, ...ended, ...closed });
}
