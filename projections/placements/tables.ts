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
    /** Codes of what the gate found when it was last asked, where that is something. */
    found: 'list?',
    /** How it stands with that: open, acknowledged, waived or closed. */
    finding: 'word?',
    /** The event that opened it, or changed how it stands. */
    findingCause: 'position?',
    findingAt: 'instant?',
    findingNote: 'text?',
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
    { columns: ['findingCause'] },
  ],
});

/** Approvals that have lapsed, whether anything was placed by them or not. */
export const lapse = table({
  columns: { approval: 'uuid', position: 'position', occurredAt: 'instant' },
  key: ['approval'],
});

/** What runs by an approval, so that its lapse finds them. */
export const approved = table({
  columns: { approval: 'uuid', placements: 'list' },
  key: ['approval'],
  temporal: true,
});

export const tables = { placement, lapse, approved };

export type PlacementRow = Row<typeof placement>;
