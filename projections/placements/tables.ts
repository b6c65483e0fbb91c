import { type Row, table } from '../../src/tables/projection';

/** Which version ran where, from when to when, by which approval. */
export const placement = table({
  columns: {
    placement: 'uuid',
    asset: 'uuid',
    /** Null where what was observed is no version of the asset. */
    version: 'integer?',
    digest: 'digest',
    /** Where in the campaign it was observed: the path of a file in a release. */
    path: 'text?',
    campaign: 'word',
    channel: 'word',
    market: 'word?',
    slot: 'text?',
    url: 'text?',
    language: 'word?',
    goesLiveAt: 'instant?',
    runsUntil: 'instant?',
    /** `Disclosure`. */
    disclosure: 'json?',
    /** `Ruling`s: what became of each rule in force when it started. */
    rulings: 'json?',
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
  // None beside the key: one idempotency key used for two assets gives their placements one id.
  fixed: [],
  indexes: [
    { columns: ['asset', 'startedAt'], past: true },
    { columns: ['campaign', 'startedAt'] },
    { columns: ['startedAt'] },
  ],
});

/** Approvals that have lapsed, whether anything was placed by them or not. */
export const lapse = table({
  columns: { approval: 'uuid', position: 'position', occurredAt: 'instant' },
  key: ['approval'],
});

export const tables = { placement, lapse };

export type PlacementRow = Row<typeof placement>;
