import type { Policy } from '../domain/policy';

/** A review whose deadline asks for something at an instant. */
export interface Step {
  readonly asset: string;
  readonly review: string;
  readonly round: number;
  readonly stage: string;
  readonly at: string;
}

/**
 * Deadlines are kept: those who have not decided are reminded, and a stage that nobody decided in is escalated, satisfied
 * by its rule, or ends its review. What exactly, the review decides from its rules and the time.
 */
export const deadlines: Policy<Step> = {
  name: 'deadlines',
  follows: ({ asset, review, round, stage, at }, now) =>
    at > now ? [] : [{ command: { type: 'KeepDeadline', asset, review }, cause: [review, round, stage, at].join(' ') }],
};
