import { act } from '../definition';
import type { Candidates } from '../people';
import type { Digest, Region, TimeSpan } from './parts';

/** Which review, and which exact version it is about. */
interface OfReview {
  readonly review: string;
  readonly version: number;
  readonly digest: Digest;
}

/** A path of a stage as it was when the stage opened. */
export interface OpenPath {
  readonly path: string;
  readonly name?: string;
  readonly quorum: number;
  readonly optional?: boolean;
  readonly candidates: Candidates;
  /** How many people could decide then, whom nothing excluded; absent where anybody may. */
  readonly eligible?: number;
  /** Hex SHA-256 of their ids, in order. */
  readonly eligibleHash?: Digest;
}

/** What happens in a review that follows a workflow, and what people say about a version. */
export const REVIEW_EVENTS = {
  StageOpened: act<
    OfReview & {
      readonly round: number;
      readonly stage: string;
      /** Place of the stage in its workflow, counted from 1. */
      readonly number: number;
      readonly name?: string;
      /** ISO 8601, computed once: neither a calendar nor a time zone changes it later. */
      readonly due?: string;
      readonly remindAt?: readonly string[];
      readonly paths: readonly OpenPath[];
      /** Who takes no part in deciding. */
      readonly excluded: readonly string[];
    }
  >('A stage of a review opened: its candidates can decide.'),
  StageSatisfied: act<
    OfReview & {
      readonly round: number;
      readonly stage: string;
      /** Who fills which path. */
      readonly filled: readonly { readonly path: string; readonly people: readonly string[] }[];
      /** Present if nobody decided in time and the stage says that this is enough. */
      readonly byRule?: true;
    }
  >('Every path of a stage has the decisions it needs.'),
  ReviewRoundOpened: act<
    OfReview & {
      readonly round: number;
      readonly materialHash: Digest;
      readonly cause: 'newVersion' | 'materialMetadata';
    }
  >('A review begins again with what is new; decisions on what was there before no longer count.'),
  QuorumUnreachable: act<OfReview & { readonly stage: string; readonly paths: readonly string[] }>(
    'Too few people are left who could decide in a path.',
  ),
  ReviewWithdrawn: act<OfReview & { readonly reason?: string }>('A request for approval was taken back.'),
  DecisionWithdrawn: act<OfReview & { readonly person: string; readonly approval?: string; readonly reason?: string }>(
    'A person took their decision back.',
  ),
  ReviewerAssigned: act<OfReview & { readonly stage: string; readonly path: string; readonly person: string }>(
    'A candidate was asked to decide in a path.',
  ),
  ReviewReminded: act<OfReview & { readonly stage: string; readonly due: string; readonly reminder: string }>(
    'Those who have not decided were reminded.',
  ),
  ReviewEscalated: act<OfReview & { readonly stage: string; readonly due: string; readonly candidates: Candidates }>(
    'A deadline passed, and more people may decide.',
  ),
  ReviewLapsed: act<OfReview & { readonly stage: string; readonly due: string }>(
    'A deadline passed, and the review is over without an approval.',
  ),
  ApprovalCarriedOver: act<
    OfReview & {
      readonly approval: string;
      readonly materialHash: Digest;
      /** The approval that had lapsed, and what it was of. */
      readonly from: string;
      readonly fromVersion: number;
      readonly fromDigest: Digest;
      /** The rule of this version of the workflow. */
      readonly rule: string;
      readonly workflow: string;
      readonly workflowVersion: number;
      /** What was measured, where the rule has a bound: per cent of the picture that is gone. */
      readonly measured?: number;
      readonly materialFields?: readonly string[];
      readonly decidedBy: readonly string[];
      readonly note?: string;
    }
  >('An approval was carried over to what is new, by a rule of its workflow.'),
  AnnotationMade: act<{
    readonly annotation: string;
    readonly version: number;
    readonly digest: Digest;
    readonly text: string;
    /** The first annotation of the thread. */
    readonly thread?: string;
    readonly region?: Region;
    readonly time?: TimeSpan;
    readonly page?: number;
  }>('Somebody remarked on a place in a version.'),
  AnnotationResolved: act<{ readonly annotation: string; readonly version: number; readonly digest: Digest }>(
    'A remark on a version was seen to.',
  ),
} as const;
