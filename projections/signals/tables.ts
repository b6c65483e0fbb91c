import { type Row, table } from '../../src/tables/projection';

/**
 * Behaviour as countable facts: one table a family, one row a fact, with the dimensions it is counted by. Kind,
 * template and tool are those of the content the act was about. A fact carries its own day, times and position, so
 * counts do not depend on the order facts arrive in, and can be taken as of any moment.
 */
const dimensions = {
  position: 'position',
  /** Calendar day of `occurredAt` in UTC, `YYYY-MM-DD`. */
  day: 'word',
  kind: 'word',
  tool: 'word',
  template: 'word?',
  actor: 'word',
  occurredAt: 'instant',
} as const;

/** Assets registered. */
export const creation = table({ columns: dimensions, key: ['position'] });

/** Of the version the act was about; null for content that is no version. */
const ofVersion = { ...dimensions, mediaType: 'word?' } as const;

/** Versions added to an asset that had content, and metadata changed. */
export const modification = table({
  columns: {
    ...ofVersion,
    /** version or metadata. */
    what: 'word',
  },
  key: ['position'],
});

/** Approvals granted here: acts only. */
export const approval = table({
  columns: {
    ...ofVersion,
    /** From `occurredAt` of the version to that of its approval; negative where the sources' clocks disagree. */
    seconds: 'integer',
  },
  key: ['position'],
});

/** Decisions reported from elsewhere: counted as reports, never as approvals. */
export const attestation = table({
  columns: {
    ...ofVersion,
    decision: 'word',
    automated: 'boolean',
    /** What the one who decided decided as. */
    role: 'word',
    /** `Evidence.source`: where the report can be checked; null where an older report names none. */
    source: 'word?',
  },
  key: ['position'],
});

/** Versions placed in a campaign, or seen there. */
export const campaignUse = table({
  columns: {
    ...ofVersion,
    asset: 'uuid',
    campaign: 'word',
    channel: 'word',
    market: 'word?',
    /** `Evidence.source` of one that was seen. */
    source: 'word?',
    /** Seen elsewhere instead of placed through our door. */
    observed: 'boolean',
  },
  key: ['position'],
  indexes: [{ columns: ['asset'] }],
});

/** Which assets were made from which: as a derivative of its versions, or with it as template. */
export const derivation = table({
  columns: {
    parent: 'uuid',
    child: 'uuid',
    /** derivedFrom or template. */
    relation: 'word',
    position: 'position',
    occurredAt: 'instant',
  },
  key: ['parent', 'child', 'relation'],
});

/** What later facts need of each version: version 0 is the asset before it had content. */
export const made = table({
  columns: {
    asset: 'uuid',
    version: 'integer',
    kind: 'word',
    tool: 'word',
    template: 'word?',
    mediaType: 'word?',
    position: 'position',
    occurredAt: 'instant',
  },
  key: ['asset', 'version'],
});

export const tables = { creation, modification, approval, attestation, campaignUse, derivation, made };

export const FAMILIES = { creation, modification, approval, attestation, campaignUse } as const;
export type Family = keyof typeof FAMILIES;
export type FactRow = Row<typeof creation>;
export type MadeRow = Row<typeof made>;
