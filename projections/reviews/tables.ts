import { type Row, table } from '../../src/tables/projection';

/** A request for approval, how far it has come and what it waits for. */
export const review = table({
  columns: {
    review: 'uuid',
    asset: 'uuid',
    /** open, suspended, approved, rejected, changesRequested, withdrawn, lapsed, superseded or retired. */
    status: 'word',
    version: 'integer',
    digest: 'digest',
    materialHash: 'digest',
    required: 'integer',
    note: 'text?',
    requestedBy: 'word',
    onBehalfOf: 'word?',
    requestedAt: 'instant',
    /** The rules it follows; null where one approver is enough. */
    workflow: 'uuid?',
    workflowVersion: 'integer?',
    workflowHash: 'digest?',
    rulebook: 'integer?',
    round: 'integer',
    /** The open stage; null while nothing is waited for. */
    stage: 'word?',
    stageName: 'text?',
    stageNumber: 'integer?',
    openedAt: 'instant?',
    due: 'instant?',
    /** When those who have not decided are reminded, in order. */
    remindAt: 'list',
    /** When the deadline asks for something next. */
    nextStep: 'instant?',
    /** `PathState`, in order. */
    paths: 'json',
    /** `DecisionMade` of this round, in order. */
    decided: 'json',
    /** Canonical ids of those who take no part. */
    excluded: 'list',
    approval: 'uuid?',
    endedAt: 'instant?',
    /** Last event about it. */
    changed: 'position',
  },
  key: ['review'],
  temporal: true,
  indexes: [{ columns: ['asset'] }, { columns: ['status', 'due'] }, { columns: ['nextStep'] }],
});

/** Whom an open stage waits for, by the terms of its candidates: `person ben`, `role brand`, `group legal`, `anybody`. */
export const waiting = table({
  columns: { review: 'uuid', term: 'text', since: 'instant' },
  key: ['review', 'term'],
  temporal: true,
  indexes: [{ columns: ['term'] }],
});

/** The review of each asset that is open. */
export const current = table({
  columns: { asset: 'uuid', review: 'uuid' },
  key: ['asset'],
  temporal: true,
});

/** Names of metadata fields that are material, of the assets that have any. */
export const material = table({
  columns: { asset: 'uuid', names: 'list' },
  key: ['asset'],
  temporal: true,
});

export const tables = { review, waiting, current, material };

export type ReviewRow = Row<typeof review>;
export type WaitingRow = Row<typeof waiting>;

/** A path of the open stage. */
export interface PathState {
  readonly path: string;
  readonly name?: string;
  readonly quorum: number;
  readonly optional?: boolean;
  readonly candidates: {
    readonly people?: readonly string[];
    readonly roles?: readonly string[];
    readonly groups?: readonly string[];
    readonly anybody?: boolean;
  };
  readonly assigned?: readonly string[];
  readonly unreachable?: boolean;
}

/** A decision in the round that is open, or was last. */
export interface DecisionMade {
  /** Id of the event: unlike its position, the same in every store. */
  readonly event: string;
  readonly at: string;
  readonly by: string;
  readonly insteadOf?: string;
  readonly decision: string;
  readonly automated?: true;
  readonly stage?: string;
  readonly number?: number;
  readonly paths?: readonly string[];
}
