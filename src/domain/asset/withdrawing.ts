import type { Context, Outcome } from '../decider';
import { canonicalId } from '../identity';
import { refuse } from '../refusal';
import type { WithdrawDecision, WithdrawReview } from './commands';
import { lapse } from './content';
import type { AssetEvent, AssetEventNamed } from './events';
import { type OpenReview, takesPlaceOf } from './reviewstate';
import { rulesOf } from './rules';
import { aboutOf, openStage, standOf } from './stages';
import { type AssetState, idsOf, isAmong } from './state';

/** Whoever asked for a review can take it back. */
export function withdrawReview({ reason }: WithdrawReview, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { review } = state;
  if (review === undefined) return refuse('REVIEW_NOT_OPEN');
  if (!idsOf(context.actor).some((id) => isAmong(review.requestedBy, id))) return refuse('NOT_THE_SUBMITTER');
  const { version, digest } = review;
  return { events: [{ type: 'ReviewWithdrawn', data: { review: review.review, version, digest, reason } }] };
}

/** A decision that was taken back no longer counts; an approval that rests on it ends. */
export function withdrawDecision(
  { reason }: WithdrawDecision,
  state: AssetState,
  context: Context,
): Outcome<AssetEvent> {
  const { review, approval } = state;
  const person = context.actor.id;
  if (review?.decided.some(({ by, counts }) => counts && canonicalId(by) === canonicalId(person))) {
    return { events: [withdrawn(review, person, reason), ...openAgain(review, person, state, context)] };
  }
  if (approval === undefined || !isAmong(approval.decidedBy, person)) return refuse('DECISION_NOT_FOUND');
  return { events: [withdrawn(approval, person, reason, approval.approval), ...lapse(state, 'withdrawn')] };
}

function withdrawn(
  { review, version, digest }: Pick<OpenReview, 'review' | 'version' | 'digest'>,
  person: string,
  reason: string | undefined,
  approval?: string,
): AssetEventNamed<'DecisionWithdrawn'> {
  return { type: 'DecisionWithdrawn', data: { review, version, digest, person, approval, reason } };
}

/** The first stage that lacks the decision opens again, and the one that it had suspended. */
function openAgain(review: OpenReview, person: string, state: AssetState, context: Context): readonly AssetEvent[] {
  const { under } = review;
  if (under === undefined) return [];
  const rules = rulesOf(under, context);
  const decided = review.decided.filter((each) => !each.counts || !takesPlaceOf(each, person));
  const { stages } = rules.defined.definition;
  const current = stages.findIndex(({ id }) => id === (under.stage?.id ?? under.suspended?.stage));
  const lacking = stages.findIndex(
    (stage, index) => index < current && standOf(stage, index + 1, decided).lacking.length > 0,
  );
  const resumed = under.suspended !== undefined && canonicalId(under.suspended.by) === canonicalId(person);
  const index = lacking === -1 ? (resumed ? current : -1) : lacking;
  if (index === -1 || (under.suspended !== undefined && !resumed)) return [];
  const left = decided.filter(({ stage }) => stage === undefined || stage <= index + 1);
  return openStage(index, { ...aboutOf(review, under), decided: left }, rules, state, context);
}
