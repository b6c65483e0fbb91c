import { type Row, table } from '../../src/runtime/projection';

/** Which version ran where, from when to when, by which approval. */
export const placement = table({
  columns: {
    placement: 'uuid',
    asset: 'uuid',
    version: 'integer',
    digest: 'digest',
    campaign: 'word',
    channel: 'word',
    market: 'word?',
    /** The approval it runs by; null where it was only observed. */
    approval: 'uuid?',
    /** Seen elsewhere instead of placed through our door. */
    observed: 'boolean',
    /** Codes of the refusals an observed one would have met as an act. */
    wouldRefuse: 'list?',
    /** `Evidence` of an observed start. */
    evidence: 'json?',
    started: 'position',
    startedAt: 'instant',
    startedBy: 'word',
    recordedAt: 'recordedAt',
    /** Position of its end, null while it runs. */
    ended: 'position?',
    endedAt: 'instant?',
    endedBy: 'word?',
    reason: 'text?',
    /** `Evidence` of an observed end. */
    endEvidence: 'json?',
  },
  key: ['placement'],
  temporal: true,
  fixed: [
    ...(['asset', 'version', 'digest', 'campaign', 'channel', 'market', 'approval', 'observed'] as const),
    ...(['wouldRefuse', 'evidence', 'started', 'startedAt', 'startedBy', 'recordedAt'] as const),
  ],
  indexes: [{ columns: ['asset', 'startedAt'] }, { columns: ['campaign', 'startedAt'] }, { columns: ['startedAt'] }],
});

export const tables = { placement };

export type PlacementRow = Row<typeof placement>;
