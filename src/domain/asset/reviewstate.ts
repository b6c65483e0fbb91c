import type { Happened } from '../decider';
import type { Actor } from '../event';
import { canonicalId } from '../identity';
import type { Scope } from '../scope';
import type { AssetEvent, AssetEventNamed, DecisionWord } from './events';
import type { Digest } from './parts';

/** A decision in an open review. `by` is a person, or the program that advised; `counts` tells them apart. */
export interface Decided {
  readonly by: string;
  readonly decision: DecisionWord;
  readonly counts: boolean;
  /** The candidate whom the person stood in for. */
  readonly insteadOf?: string | undefined;
  /** Place of the stage in its workflow, and the paths for which the person counts. */
  readonly stage?: number | undefined;
  readonly paths?: readonly string[] | undefined;
}

/** The stage that waits for decisions. */
export interface OpenStage {
  readonly id: string;
  readonly number: number;
  readonly due: string | undefined;
  readonly remindAt: readonly string[];
  /** The last reminder that was given. */
  readonly reminded: string | undefined;
  /** More people may decide, since the deadline has passed. */
  readonly escalated: boolean;
  readonly assigned: readonly { readonly path: string; readonly person: string }[];
  /** Paths that are known to be unreachable. */
  readonly unreachable: readonly string[];
}

/** The rules that a review follows, and how far it has come. */
export interface UnderWorkflow {
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly scope: Scope;
  readonly materialFields: readonly string[];
  readonly round: number;
  /** Undefined while the review waits for something new. */
  readonly stage: OpenStage | undefined;
  /** Whose decision suspended it, and in which stage. */
  readonly suspended: { readonly by: string; readonly stage: string } | undefined;
}

export interface OpenReview {
  readonly review: string;
  readonly version: number;
  readonly digest: Digest;
  readonly materialHash: Digest;
  readonly required: number;
  readonly requestedBy: readonly string[];
  readonly decided: readonly Decided[];
  /** Absent where one approver is enough. */
  readonly under?: UnderWorkflow;
}

/** Whether a decision takes the place of this person: they made it, or somebody stood in for them. */
export function takesPlaceOf({ by, insteadOf }: Decided, person: string): boolean {
  const wanted = canonicalId(person);
  return canonicalId(by) === wanted || (insteadOf !== undefined && canonicalId(insteadOf) === wanted);
}

export function requested(
  data: AssetEventNamed<'ReviewRequested'>['data'],
  requestedBy: readonly string[],
): OpenReview {
  const { review, version, digest, materialHash, required } = data;
  const open = { review, version, digest, materialHash, required, requestedBy, decided: [] };
  const { workflow, workflowVersion, scope, materialFields } = data;
  if (workflow === undefined || workflowVersion === undefined) return open;
  const rules = { workflow, workflowVersion, scope: scope ?? {}, materialFields: materialFields ?? [] };
  return { ...open, under: { ...rules, round: 1, stage: undefined, suspended: undefined } };
}

type ReviewEvent = Extract<
  Happened<AssetEvent>,
  {
    readonly type:
      | 'StageOpened'
      | 'StageSatisfied'
      | 'ReviewRoundOpened'
      | 'QuorumUnreachable'
      | 'DecisionWithdrawn'
      | 'ReviewerAssigned'
      | 'ReviewReminded'
      | 'ReviewEscalated';
  }
>;

/** An open review after something happened in it. */
export function reviewAfter(review: OpenReview | undefined, event: ReviewEvent): OpenReview | undefined {
  if (review === undefined) return undefined;
  switch (event.type) {
    case 'StageOpened':
      return stageOpened(review, event.data);
    case 'StageSatisfied':
      return withUnder(review, { stage: undefined });
    case 'ReviewRoundOpened': {
      const { version, digest, materialHash, round } = event.data;
      const next = withUnder(review, { round, stage: undefined, suspended: undefined });
      return { ...next, version, digest, materialHash, decided: [] };
    }
    case 'QuorumUnreachable':
      return withStage(review, { unreachable: event.data.paths });
    case 'DecisionWithdrawn':
      return {
        ...review,
        decided: review.decided.filter((each) => !each.counts || !takesPlaceOf(each, event.data.person)),
      };
    case 'ReviewerAssigned': {
      const { path, person } = event.data;
      return withStage(review, { assigned: [...(review.under?.stage?.assigned ?? []), { path, person }] });
    }
    case 'ReviewReminded':
      return withStage(review, { reminded: event.data.reminder });
    case 'ReviewEscalated':
      return withStage(review, { escalated: true });
  }
}

function withUnder(review: OpenReview, changed: Partial<UnderWorkflow>): OpenReview {
  return review.under === undefined ? review : { ...review, under: { ...review.under, ...changed } };
}

function withStage(review: OpenReview, changed: Partial<OpenStage>): OpenReview {
  const stage = review.under?.stage;
  return stage === undefined ? review : withUnder(review, { stage: { ...stage, ...changed } });
}

/** A stage may open again after a decision in it was taken back: later ones then begin anew. */
function stageOpened(review: OpenReview, data: AssetEventNamed<'StageOpened'>['data']): OpenReview {
  const { stage: id, number, due, remindAt = [] } = data;
  const stage = { id, number, due, remindAt, reminded: undefined, escalated: false, assigned: [], unreachable: [] };
  const decided = review.decided.filter((each) => each.stage === undefined || each.stage <= number);
  return withUnder({ ...review, decided }, { stage, suspended: undefined });
}

/**
 * An open review after a decision. Where one approver is enough it ends with the first decision that is neither an
 * approval nor an abstention; the grant ends it otherwise. A workflow says in the event what a decision ends.
 */
export function withDecision(
  review: OpenReview | undefined,
  actor: Pick<Actor, 'id' | 'onBehalfOf'>,
  data: AssetEventNamed<'DecisionRecorded'>['data'],
): OpenReview | undefined {
  const { decision, automated = false, insteadOf, paths, ends, stage } = data;
  if (review === undefined) return undefined;
  if (review.under === undefined && decision !== 'approve' && decision !== 'abstain') return undefined;
  if (ends === 'review') return undefined;
  // Logs hold decisions through a service that counted as the person's: those are not marked.
  const made = automated ? { by: actor.id, counts: false } : { by: actor.onBehalfOf ?? actor.id, counts: true };
  const under = review.under?.stage && { insteadOf, paths, stage: review.under.stage.number };
  const next = { ...review, decided: [...review.decided, { ...made, decision, ...under }] };
  return ends === 'round'
    ? withUnder(next, { stage: undefined, suspended: { by: made.by, stage: stage ?? '' } })
    : next;
}
