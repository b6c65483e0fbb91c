import { type Row, table } from '../../src/tables/projection';

/**
 * Behaviour as countable facts: one table a family, one row a fact, with the dimensions it is counted by. Kind,
 * template and tool are those of the content the act was about. A fact carries its own time and position, so counts do
 * not depend on the order facts arrive in, and can be taken as of any moment. What rows of one asset refer to each other
 * by is the position of an event, which takes less room than an id.
 */
const dimensions = {
  position: 'position',
  kind: 'word',
  tool: 'word',
  template: 'word?',
  actor: 'word',
  occurredAt: 'instant',
} as const;

/** Assets registered. By asset, since later facts need it: it says what the asset was made as. */
export const creation = table({ columns: { ...dimensions, asset: 'uuid' }, key: ['asset'] });

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
    /** Position of the version's event, and which review of it this ended; 0 where its request is not known. */
    of: 'position',
    round: 'integer',
    /** `occurredAt` of the version, of the request for that review and of the first decision in it. */
    madeAt: 'instant',
    askedAt: 'instant?',
    decidedAt: 'instant?',
    authorKind: 'word',
    /** Of that decision. */
    role: 'word?',
    /** The version had been approved before, and that approval lapsed. */
    again: 'boolean',
  },
  key: ['position'],
});

/** How long an approval took; negative where the sources' clocks disagree. */
export const VERSION_TO_APPROVAL = { from: 'madeAt', to: 'occurredAt' } as const;

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
    /** Position of the first event of the asset. */
    registration: 'position',
    campaign: 'word',
    channel: 'word',
    market: 'word?',
    /** `Evidence.source` of one that was seen. */
    source: 'word?',
    /** Seen elsewhere instead of placed through our door. */
    observed: 'boolean',
  },
  key: ['position'],
  indexes: [{ columns: ['registration'] }],
});

/**
 * How many facts there are, kept as they come, so that a question about all of them looks at a few rows. As of a moment
 * the facts themselves are counted.
 */
const counted = {
  count: 'integer',
  /** Of approvals: all their milliseconds from the version on; dates of sources may be so far apart that no integer holds it. */
  milliseconds: 'real',
} as const;

/** By months since the year 0, kind and tool. */
export const monthly = table({
  columns: { family: 'word', month: 'integer', kind: 'word', tool: 'word', ...counted },
  key: ['family', 'month', 'kind', 'tool'],
  present: true,
});

/** By days since 1970. */
export const daily = table({
  columns: { family: 'word', day: 'integer', ...counted },
  key: ['family', 'day'],
  present: true,
});

/** What later facts need of each version. */
export const made = table({
  columns: {
    /** Position of the asset's first event. */
    registration: 'position',
    version: 'integer',
    kind: 'word',
    tool: 'word',
    template: 'word?',
    mediaType: 'word',
    /** Of the actor who added it. */
    authorKind: 'word',
    position: 'position',
    occurredAt: 'instant',
  },
  key: ['registration', 'version'],
});

/** A review of a version, with what it is counted by. */
const review = {
  /** Position of the version's event, which takes less room than its name. */
  of: 'position',
  /** 1 for the first review of the version, and so on. */
  round: 'integer',
  kind: 'word',
  tool: 'word',
  template: 'word?',
  mediaType: 'word',
  authorKind: 'word',
  position: 'position',
  occurredAt: 'instant',
} as const;

/** Requests for a review. */
export const request = table({
  columns: {
    ...review,
    /** `occurredAt` of the version. */
    madeAt: 'instant',
  },
  key: ['of', 'round'],
});

/** First decisions of reviews: those of people, since a program only advises. */
export const decision = table({
  columns: {
    ...review,
    role: 'word',
    /** `occurredAt` of the request. */
    askedAt: 'instant',
  },
  key: ['of', 'round'],
});

/**
 * Reviews that something else than an approval ended, or would have ended; as round 0 the versions that are over: replaced
 * by a newer one, or of an asset that is retired.
 */
export const over = table({
  columns: { of: 'position', round: 'integer' },
  key: ['of', 'round'],
  temporal: true,
});

/** Versions that lost an approval and may get another. */
export const lapse = table({
  columns: { of: 'position', position: 'position', occurredAt: 'instant' },
  key: ['of'],
});

export const tables = {
  creation,
  modification,
  approval,
  attestation,
  campaignUse,
  made,
  request,
  decision,
  over,
  lapse,
  monthly,
  daily,
};

export const FAMILIES = { creation, modification, approval, attestation, campaignUse } as const;
export type Family = keyof typeof FAMILIES;
export type CreationRow = Row<typeof creation>;
/** Every family has these columns. */
export type FactRow = Omit<CreationRow, 'asset'>;
export type MadeRow = Row<typeof made>;
export type ReviewRow = Pick<Row<typeof request>, keyof typeof review>;
