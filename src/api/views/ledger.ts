import type { LedgerRow } from '../../../projections/approvals/tables';
import { approvalId, assetId, decisionId } from '../ids';
import { ActorView, actorView } from './actor';
import { orNull, viewOf } from './rowview';

const TYPES = { decision: 'Decision', attestation: 'Attestation', approval: 'Approval' } as const;

/** An entry of the ledger under the names of the schema. */
export class LedgerView extends viewOf<LedgerRow>()(
  'version',
  'digest',
  'materialHash',
  'actorKind',
  'role',
  'decision',
  'note',
  'occurredAt',
  'recordedAt',
  'position',
  'evidence',
  'automated',
) {
  get __typename(): string {
    return TYPES[this.row.kind as keyof typeof TYPES];
  }
  get id(): string {
    const { approval, position } = this.row;
    return this.moment.idOf(approval === null ? decisionId(position) : approvalId(approval));
  }
  get subjectId(): string {
    return this.moment.idOf(assetId(this.row.asset));
  }
  get actor(): ActorView {
    return new ActorView(this.row.actor, this.moment);
  }
  get onBehalfOf(): ActorView | null {
    return actorView(this.row.onBehalfOf, this.moment);
  }
  get decidedBy(): readonly ActorView[] {
    return (this.row.decidedBy ?? [this.row.actor]).map((id) => new ActorView(id, this.moment));
  }
  get live(): boolean {
    return this.row.kind === 'approval' && this.row.lapsed === null;
  }
  get lapse(): object | null {
    const { lapsed, lapseReason, lapsedAt, lapseRecordedAt } = this.row;
    if (lapsed === null) return null;
    return { position: lapsed, reason: lapseReason, occurredAt: lapsedAt, recordedAt: lapseRecordedAt };
  }
  get wouldRefuse(): readonly string[] {
    return this.row.wouldRefuse ?? [];
  }
  get suspectedSamePerson(): readonly ActorView[] {
    return (this.row.suspectedSamePerson ?? []).map((id) => new ActorView(id, this.moment));
  }
}

export const approvalView = orNull(LedgerView);
