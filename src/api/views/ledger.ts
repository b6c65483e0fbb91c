import type { LedgerRow } from '../../../projections/approvals/tables';
import { approvalId, assetId, decisionId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';

const TYPES = { decision: 'Decision', attestation: 'Attestation', approval: 'Approval' } as const;

/** An entry of the ledger under the names of the schema. */
export class LedgerView {
  constructor(
    readonly row: LedgerRow,
    readonly moment: Moment,
  ) {}

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
  get version(): number {
    return this.row.version;
  }
  get digest(): string {
    return this.row.digest;
  }
  get materialHash(): string | null {
    return this.row.materialHash;
  }
  get actor(): ActorView {
    return new ActorView(this.row.actor, this.moment);
  }
  get actorKind(): string {
    return this.row.actorKind;
  }
  get onBehalfOf(): ActorView | null {
    return actorView(this.row.onBehalfOf, this.moment);
  }
  get decidedBy(): readonly ActorView[] {
    return (this.row.decidedBy ?? [this.row.actor]).map((id) => new ActorView(id, this.moment));
  }
  get role(): string | null {
    return this.row.role;
  }
  get decision(): string | null {
    return this.row.decision;
  }
  get note(): string | null {
    return this.row.note;
  }
  get occurredAt(): string {
    return this.row.occurredAt;
  }
  get recordedAt(): string {
    return this.row.recordedAt;
  }
  get position(): string {
    return this.row.position;
  }
  get live(): boolean {
    return this.row.kind === 'approval' && this.row.lapsed === null;
  }
  get lapse(): object | null {
    const { lapsed, lapseReason, lapsedAt, lapseRecordedAt } = this.row;
    if (lapsed === null) return null;
    return { position: lapsed, reason: lapseReason, occurredAt: lapsedAt, recordedAt: lapseRecordedAt };
  }
  get evidence(): unknown {
    return this.row.evidence;
  }
  get automated(): boolean {
    return this.row.automated;
  }
  get wouldRefuse(): readonly string[] {
    return this.row.wouldRefuse ?? [];
  }
  get suspectedSamePerson(): readonly ActorView[] {
    return (this.row.suspectedSamePerson ?? []).map((id) => new ActorView(id, this.moment));
  }
}

export const approvalView = (row: LedgerRow | undefined, moment: Moment): LedgerView | null =>
  row === undefined ? null : new LedgerView(row, moment);
