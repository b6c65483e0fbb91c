import type { Table } from '../../src/tables/projection';
import type { Conditions } from '../../src/tables/reader';
import { approval, decision, made, over, request } from './tables';

/**
 * A step between two named moments: the table that has a row for each case that began it, and the one that has a row for
 * each that ended it, which says in `from` when the case began.
 */
export interface Step {
  readonly begins: Table;
  readonly ends: Table;
  readonly from: string;
  readonly where?: Conditions['where'];
  /** What a case is: the version, or one of its reviews, whose row names it by `of` and `round`. */
  readonly caseOf: 'version' | 'review';
  /** What a case is, when it begins, and when it ends. */
  readonly means: string;
}

/** What the rows of these cases meet whose version or review is over. */
export function overIn(step: Step, table: Table): Conditions {
  const of = table === made ? 'position' : 'of';
  const version: Conditions = { some: [{ table: over, same: { of }, where: { round: { eq: 0 } } }] };
  if (step.caseOf === 'version') return version;
  return { anyOf: [[version, { some: [{ table: over, same: { of, round: 'round' }, where: {} }] }]] };
}

const KNOWN = { isNull: false } as const;

export const STEPS = {
  versionToRequest: {
    begins: made,
    ends: request,
    from: 'madeAt',
    where: { round: { eq: 1 } },
    caseOf: 'version',
    means: 'A case is a version. It begins when the version was made and ends with the first request for its review.',
  },
  requestToDecision: {
    begins: request,
    ends: decision,
    from: 'askedAt',
    caseOf: 'review',
    means:
      'A case is a review. It begins with its request and ends with its first decision, whatever that is; what a program ' +
      'advises is no decision.',
  },
  decisionToApproval: {
    begins: decision,
    ends: approval,
    from: 'decidedAt',
    where: { decidedAt: KNOWN },
    caseOf: 'review',
    means:
      'A case is a review in which somebody has decided. It begins with the first decision and ends with the approval.',
  },
  requestToApproval: {
    begins: request,
    ends: approval,
    from: 'askedAt',
    where: { askedAt: KNOWN },
    caseOf: 'review',
    means: 'A case is a review. It begins with its request and ends with the approval.',
  },
  versionToApproval: {
    begins: made,
    ends: approval,
    from: 'madeAt',
    where: { again: { eq: false } },
    caseOf: 'version',
    means:
      'A case is a version. It begins when the version was made and ends with its first approval; that of a later review ' +
      'of the same version is not counted.',
  },
} as const satisfies { readonly [step: string]: Step };

export type StepName = keyof typeof STEPS;

/** What holds of every step. */
const MEASURED =
  'A case belongs to the day, in UTC, on which it began, and has the kind, template, tool, media type and kind of author ' +
  'of its version. `ended` are the cases that have ended by the moment asked about; `dropped` those that have not and are ' +
  'over: a newer version replaced theirs, the asset is retired, or the review was closed without the approval; `open` all ' +
  'others. A duration is the time between the `occurredAt` of both moments, negative where the clocks of their sources ' +
  'disagree. The median, the 90th and the 95th percentile are durations of ended cases, by nearest rank: of n durations ' +
  'in order the one with the number n × p / 100, rounded up. Decisions and placements that are only reported from ' +
  'elsewhere do not count.';

/** The definition of a step in words. Whoever changes what is counted changes this. */
export function definitionOf(step: StepName): string {
  return `${STEPS[step].means} ${MEASURED}`;
}
