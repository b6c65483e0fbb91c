import type { Recorded } from '../../src/domain/catalogue';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type LedgerRow, tables } from './tables';

type Ledger = RowsOf<typeof tables>;

/** Who decided what, on which exact content, and whether the approval still holds. */
export const approvals = projection({
  name: 'approvals',
  version: 4,
  tables,
  on: {
    DecisionRecorded: (event, rows) => {
      const { materialHash, decision, role, note, automated = false } = event.data;
      const said = { materialHash, decision, role, note: note ?? null, automated };
      rows.entry.put({ ...blank(event), ...said, kind: 'decision' });
    },
    DecisionAttested: (event, rows) => {
      const { decision, role, evidence, automated, wouldRefuse, suspectedSamePerson = null } = event.data;
      const report = { decision, role, evidence, automated, wouldRefuse, suspectedSamePerson };
      rows.entry.put({ ...blank(event), ...report, kind: 'attestation' });
    },
    ApprovalGranted: (event, rows) => {
      const { approval, materialHash, decidedBy } = event.data;
      rows.entry.put({ ...blank(event), kind: 'approval', approval, materialHash, decidedBy });
      rows.granted.put({ approval, position: event.position });
    },
    ApprovalCarriedOver: (event, rows) => {
      const { approval, materialHash, decidedBy, note = null } = event.data;
      rows.entry.put({ ...blank(event), kind: 'approval', approval, materialHash, decidedBy, note });
      rows.granted.put({ approval, position: event.position });
    },
    ApprovalLapsed: lapse,
  },
});

function lapse(event: Recorded<'ApprovalLapsed'>, rows: Ledger): void {
  const { position } = found(rows.granted.get({ approval: event.data.approval }), event);
  const before = found(rows.entry.get({ position }), event);
  rows.entry.put({
    ...before,
    lapsed: event.position,
    lapseReason: event.data.reason,
    lapsedAt: event.metadata.occurredAt,
    lapseRecordedAt: event.recordedAt,
  });
}

type Told = Recorded<'DecisionRecorded' | 'DecisionAttested' | 'ApprovalGranted' | 'ApprovalCarriedOver'>;

function blank(event: Told): Omit<LedgerRow, 'kind'> {
  const { metadata } = event;
  return {
    position: event.position,
    asset: subjectOf(event),
    version: event.data.version,
    digest: event.data.digest,
    materialHash: null,
    actor: metadata.actorId,
    actorKind: metadata.actorKind,
    onBehalfOf: metadata.onBehalfOf ?? null,
    role: null,
    decision: null,
    approval: null,
    decidedBy: null,
    note: null,
    evidence: null,
    automated: false,
    wouldRefuse: null,
    suspectedSamePerson: null,
    occurredAt: metadata.occurredAt,
    recordedAt: event.recordedAt,
    lapsed: null,
    lapseReason: null,
    lapsedAt: null,
    lapseRecordedAt: null,
  };
}
