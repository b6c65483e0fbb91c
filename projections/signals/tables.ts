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

/** Versions added to an asset that had content, and metadata changed. */
export const modification = table({
  columns: {
    ...dimensions,
    /** version or metadata. */
    what: 'word',
  },
  key: ['position'],
});

/** Approvals granted here: acts only. */
export const approval = table({
  columns: {
    ...dimensions,
    /** From `occurredAt` of the version to that of its approval; negative where the sources' clocks disagree. */
    seconds: 'integer',
  },
  key: ['position'],
});

/** Decisions reported from elsewhere: counted as reports, never as approvals. */
export const attestation = table({
  columns: { ...dimensions, decision: 'word', automated: 'boolean' },
  key: ['position'],
});

/** Versions placed in a campaign, or seen there. */
export const campaignUse = table({
  columns: {
    ...dimensions,
    asset: 'uuid',
    campaign: 'word',
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
