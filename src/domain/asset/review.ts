import type { Context, Outcome } from '../decider';
import type { Actor } from '../event';
import { type Refusal, type RefusalCode, refusalOf, refuse } from '../refusal';
import { holds } from '../trail';
import type { AttestDecision, RecordDecision, RequestReview } from './commands';
import type { AssetEvent, AssetEventNamed } from './events';
import { materialHash } from './material';
import type { OpenReview } from './reviewstate';
import { type Definition, materialFieldsIn, newRules, type Rules } from './rules';
import { openStage } from './stages';
import {
  type AssetState,
  attestation,
  currentVersion,
  idsOf,
  isAmong,
  isBeforeVersion,
  makersOf,
  versionOf,
} from './state';
import { outOfReachAtFirst, vote, voteRefusals } from './voting';

export function requestReview(command: RequestReview, state: AssetState, context: Context): Outcome<AssetEvent> {
  const version = command.version ?? currentVersion(state);
  const reviewed = versionOf(state, version);
  if (reviewed === undefined) return refuse('VERSION_NOT_FOUND', undefined, ['version']);
  if (version !== currentVersion(state)) return refuse('VERSION_NOT_CURRENT', undefined, ['version']);
  const early = isBeforeVersion(state, version, context) ? [refuse('BEFORE_VERSION', undefined, ['occurredAt'])] : [];
  const open = state.review === undefined ? [] : [refuse('REVIEW_ALREADY_OPEN')];
  // A live approval is always of the current content and material metadata: any change to either has ended it.
  const approved = state.approval === undefined ? [] : [refuse('ALREADY_APPROVED')];
  const rules = newRules(state, context);
  const refused = refusalOf([
    ...[...early, ...open, ...approved].map(({ refusal }) => refusal),
    ...(rules === undefined ? [] : outOfReachAtFirst(rules, state, idsOf(context.actor))),
  ]);
  if (refused !== undefined) return { refusal: refused };
  const { note } = command;
  const of = { review: context.id('review'), version, digest: reviewed.digest };
  if (rules !== undefined) return underRules({ ...of, note }, rules, command, state, context);
  const data = { ...of, materialHash: materialHash(state.metadata, context), required: command.required ?? 1, note };
  return { events: [{ type: 'ReviewRequested', data }] };
}

/** The request names the exact rules, and the first stage opens with it. */
function underRules(
  of: Pick<AssetEventNamed<'ReviewRequested'>['data'], 'review' | 'version' | 'digest' | 'note'>,
  rules: Rules,
  command: RequestReview,
  state: AssetState,
  context: Context,
): Outcome<AssetEvent> {
  const { definition, version: workflowVersion, hash } = rules.defined;
  if (command.required !== undefined) {
    return refuse('INVALID_INPUT', 'required: the workflow says who must approve; leave it out', ['required']);
  }
  const { note, ...about } = of;
  const materialFields = materialFieldsIn(definition);
  const data = {
    ...about,
    materialHash: materialHash(state.metadata, context, materialFields),
    required: mostAtOnce(definition),
    note,
    workflow: rules.workflow,
    workflowVersion,
    workflowHash: hash,
    rulebook: rules.rulebook?.number ?? 0,
    scope: rules.scope,
    materialFields,
  };
  const begun = { ...data, requestedBy: idsOf(context.actor), decided: [], round: 1 };
  return { events: [{ type: 'ReviewRequested', data }, ...openStage(0, begun, rules, state, context)] };
}

/** One person may decide in several stages, but fills one path of each: so many different people are needed at least. */
function mostAtOnce({ stages }: Definition): number {
  const needed = stages.map(({ paths }) =>
    paths.reduce((sum, { quorum, optional = false }) => sum + (optional ? 0 : quorum), 0),
  );
  return Math.max(...needed);
}

export function recordDecision(command: RecordDecision, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { review } = state;
  if (review === undefined) return refuse('REVIEW_NOT_OPEN');
  const refusal = refusalOf(refusalsOf(command, review, state, context));
  if (refusal !== undefined) return { refusal };
  const { actor } = context;
  const automated = isAdvice(actor);
  const said = {
    review: review.review,
    version: review.version,
    digest: review.digest,
    materialHash: review.materialHash,
    decision: command.decision,
    role: command.role,
    note: command.note,
    ...(automated && { automated }),
    ...reliedOn(context),
  };
  const { under } = review;
  if (under !== undefined) return vote({ command, review, under, automated, recorded: said }, state, context);
  const recorded: AssetEventNamed<'DecisionRecorded'> = { type: 'DecisionRecorded', data: said };
  return {
    events: command.decision === 'approve' && !automated ? [recorded, ...grant(review, actor.id, context)] : [recorded],
  };
}

/** Every reason why a decision in an open review is refused. */
function refusalsOf(
  command: RecordDecision,
  review: OpenReview,
  state: AssetState,
  context: Context,
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const add = (code: RefusalCode, path?: string) =>
    refusals.push(refuse(code, undefined, path === undefined ? undefined : [path]).refusal);
  if (command.version !== review.version) add('DECISION_STALE', 'version');
  if (command.digest !== review.digest) add('DECISION_STALE', 'digest');
  if (isBeforeVersion(state, review.version, context)) add('BEFORE_VERSION', 'occurredAt');
  const { under } = review;
  if (under !== undefined) {
    return [
      ...refusals,
      ...voteRefusals({ command, review, under, automated: isAdvice(context.actor) }, state, context),
    ];
  }
  if (command.insteadOf !== undefined) add('NOT_A_SUBSTITUTE', 'insteadOf');
  if (command.stage !== undefined) add('DECISION_STALE', 'stage');
  const involved = fourEyes(state, review.version, context);
  if (involved !== undefined) refusals.push(involved);
  const earlier = review.decided.map(({ by }) => by);
  if (isAmong(earlier, context.actor.id)) add('ALREADY_DECIDED');
  return refusals;
}

/**
 * A program's decision is recorded and grants nothing, even on behalf of a person: an approval needs a person who takes
 * responsibility themselves, so the decision of a person on behalf of another is advice too.
 */
const isAdvice = (actor: Actor): boolean => actor.kind !== 'person' || actor.onBehalfOf !== undefined;

/** The approval follows in the outcome of the decision that completes it, so that it can never be missing. */
function grant(review: OpenReview, person: string, context: Context): readonly AssetEvent[] {
  const approving = review.decided
    .filter(({ decision, counts }) => counts && decision === 'approve')
    .map(({ by }) => by);
  const decidedBy = [...approving, person];
  if (decidedBy.length < review.required) return [];
  const { version, digest, materialHash: hash } = review;
  const data = {
    approval: context.id('approval'),
    review: review.review,
    version,
    digest,
    materialHash: hash,
    decidedBy,
  };
  return [{ type: 'ApprovalGranted', data }];
}

/**
 * The makers of a version, those who changed its material metadata, and those who requested the review cannot decide on
 * it: not even by abstaining, and not through a service that acts for them.
 */
function fourEyes(state: AssetState, version: number, context: Context): Refusal | undefined {
  const involved = involvedIn(state, version);
  if (idsOf(context.actor).some((id) => isAmong(involved, id))) return refuse('FOUR_EYES').refusal;
  return context.makers?.made ? refuse('FOUR_EYES', MADE_ELSEWHERE).refusal : undefined;
}

const MADE_ELSEWHERE =
  'Whoever made these bytes cannot decide on them: they were registered by them or for them before.';

/** Everybody who takes no part in deciding on a version. */
function involvedIn(state: AssetState, version: number): readonly string[] {
  const involved = [...makersOf(state, versionOf(state, version)?.digest)];
  if (version === currentVersion(state)) involved.push(...state.materialBy);
  if (version === state.review?.version) involved.push(...state.review.requestedBy);
  return involved;
}

/** Up to where the log was looked at for makers of these bytes, so that a replay explains what was decided. */
function reliedOn({ makers }: Context): { readonly makersAt?: string } {
  return makers === undefined ? {} : { makersAt: makers.position };
}

export function attestDecision(command: AttestDecision, state: AssetState, context: Context): Outcome<AssetEvent> {
  const decidedOn = versionOf(state, command.version);
  if (decidedOn === undefined) return refuse('VERSION_NOT_FOUND', undefined, ['version']);
  if (holds(state.attested, attestation(context.actor, command))) return { events: [] };
  const { version, decision, role, evidence, automated } = command;
  const faults = attestedFaults(command, state, context);
  const suspected = suspectsOf(command, state);
  const four = suspected === undefined || faults.includes('FOUR_EYES');
  const wouldRefuse: readonly RefusalCode[] = four ? faults : [...faults, 'FOUR_EYES'];
  const said = { version, digest: decidedOn.digest, decision, role, evidence, automated, wouldRefuse };
  const data = { ...said, suspectedSamePerson: suspected, ...reliedOn(context) };
  return { events: [{ type: 'DecisionAttested', data }] };
}

/** Makers of the version who may be the same person as the one who decides; undefined if there are none. */
function suspectsOf(command: AttestDecision, state: AssetState): readonly string[] | undefined {
  if (command.samePersonAs === undefined) return undefined;
  const involved = involvedIn(state, command.version);
  const suspected = command.samePersonAs.filter((id) => isAmong(involved, id));
  return suspected.length === 0 ? undefined : suspected;
}

/** A review elsewhere stands in for ours, so its absence here is no fault; everything else a gate asks is. */
function attestedFaults(command: AttestDecision, state: AssetState, context: Context): readonly RefusalCode[] {
  const codes: RefusalCode[] = [];
  if (state.retired) codes.push('ASSET_RETIRED');
  if (command.version !== currentVersion(state)) codes.push('DECISION_STALE');
  if (isBeforeVersion(state, command.version, context)) codes.push('BEFORE_VERSION');
  if (fourEyes(state, command.version, context) !== undefined) codes.push('FOUR_EYES');
  return codes;
}
