import { type Row, table } from '../../src/tables/projection';

/** The ledger: one row for every decision, every attested decision and every approval. Only an approval changes, once. */
export const entry = table({
  columns: {
    position: 'position',
    /** decision, attestation or approval. An attestation is a report and never an approval. */
    kind: 'word',
    asset: 'uuid',
    version: 'integer',
    digest: 'digest',
    /** Of the material metadata decided on; unknown for what was attested elsewhere. */
    materialHash: 'digest?',
    /** Who decided; of an approval, whose decision completed it. */
    actor: 'word',
    actorKind: 'word',
    onBehalfOf: 'word?',
    role: 'word?',
    /** approve, approveWithChanges, changesRequested, reject or abstain; null for an approval. */
    decision: 'word?',
    /** Id of the approval. */
    approval: 'uuid?',
    /** Of an approval: all whose decisions make it. */
    decidedBy: 'list?',
    note: 'text?',
    /** `Evidence` of an attestation. */
    evidence: 'json?',
    /** A bot said it. */
    automated: 'boolean',
    /** Codes of the refusals an attestation would have met as an act. */
    wouldRefuse: 'list?',
    /** Of an attestation: makers who may be the same person as the one who decided. */
    suspectedSamePerson: 'list?',
    occurredAt: 'instant',
    recordedAt: 'recordedAt',
    /** Position, reason and times of the lapse of an approval; null while it holds. */
    lapsed: 'position?',
    lapseReason: 'word?',
    lapsedAt: 'instant?',
    lapseRecordedAt: 'recordedAt?',
  },
  key: ['position'],
  temporal: true,
  fixed: [
    ...(['kind', 'asset', 'version', 'digest', 'materialHash', 'actor', 'actorKind', 'onBehalfOf', 'role'] as const),
    ...(['decision', 'approval', 'decidedBy', 'note', 'evidence', 'automated'] as const),
    ...(['wouldRefuse', 'suspectedSamePerson'] as const),
    ...(['occurredAt', 'recordedAt'] as const),
  ],
  indexes: [{ columns: ['asset', 'occurredAt'] }, { columns: ['actor', 'occurredAt'] }, { columns: ['occurredAt'] }],
});

/** Where in the ledger an approval is. Temporal, since one idempotency key used for two assets gives both one id. */
export const granted = table({
  columns: { approval: 'uuid', position: 'position' },
  key: ['approval'],
  temporal: true,
});

export const tables = { entry, granted };

export type LedgerRow = Row<typeof entry>;
