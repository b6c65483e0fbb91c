import type { Context, Outcome } from '../decider';
import { canonicalId } from '../identity';
import { type Refusal, refuse } from '../refusal';
import type { RecordDecision } from './commands';
import { excludedFrom, pathsOf, standsInFor } from './eligible';
import type { AssetEvent, AssetEventNamed } from './events';
import type { Decided, OpenReview, OpenStage, UnderWorkflow } from './reviewstate';
import { takesPlaceOf } from './reviewstate';
import { type Definition, type Rules, rulesOf, stageOf } from './rules';
import { aboutOf, afterStage, standOf, unreachableIn } from './stages';
import { type AssetState, idsOf } from './state';

/** What is decided where a workflow rules, once the decision is about what is under review. */
export interface Voted {
  readonly command: RecordDecision;
  readonly review: OpenReview;
  readonly under: UnderWorkflow;
  /** Advice of a program, or of somebody on behalf of another, which counts for nothing. */
  readonly automated: boolean;
  readonly recorded: AssetEventNamed<'DecisionRecorded'>['data'];
}

/** Why somebody cannot decide in the open stage. */
export function voteRefusals(
  voted: Pick<Voted, 'command' | 'review' | 'under' | 'automated'>,
  state: AssetState,
  context: Context,
): readonly Refusal[] {
  const { command, review, under, automated } = voted;
  const { actor } = context;
  if (under.stage === undefined) return [refuse('REVIEW_SUSPENDED').refusal];
  const { stage } = under;
  const refusals: Refusal[] = [];
  const excluded = excludedFrom(state, review.requestedBy);
  const ids = command.insteadOf === undefined ? idsOf(actor) : [...idsOf(actor), command.insteadOf];
  if (ids.some((id) => excluded.has(canonicalId(id))) || context.makers?.made)
    refusals.push(refuse('FOUR_EYES').refusal);
  if (command.stage !== undefined && command.stage !== stage.id) {
    refusals.push(refuse('DECISION_STALE', `The stage ${stage.id} is open now.`, ['stage']).refusal);
  }
  const who = [actor.id, ...(command.insteadOf === undefined ? [] : [command.insteadOf])];
  if (hasDecided(review.decided, stage, command.stage === stage.id, who)) {
    refusals.push(refuse('ALREADY_DECIDED').refusal);
  }
  if (automated && command.insteadOf !== undefined) {
    refusals.push(
      refuse('NOT_A_SUBSTITUTE', 'A program, or somebody on behalf of another, stands in for nobody.', ['insteadOf'])
        .refusal,
    );
  }
  const unentitled = automated ? undefined : unentitledTo(command, rulesOf(under, context), stage, context);
  return unentitled === undefined ? refusals : [...refusals, unentitled];
}

/** In this stage; or in one before, where the command does not say that it is about the next. */
function hasDecided(decided: readonly Decided[], stage: OpenStage, named: boolean, ids: readonly string[]): boolean {
  const here = named ? decided.filter((each) => each.stage === stage.number) : decided;
  return ids.some((id) => here.some((each) => takesPlaceOf(each, id)));
}

function unentitledTo(command: RecordDecision, rules: Rules, stage: OpenStage, context: Context): Refusal | undefined {
  const { insteadOf } = command;
  if (insteadOf !== undefined && !standsInFor(context.actor, insteadOf, rules, context.occurredAt)) {
    return refuse('NOT_A_SUBSTITUTE', undefined, ['insteadOf']).refusal;
  }
  if (countsFor(command, rules, stage, context).length > 0) return undefined;
  return refuse('NOT_A_CANDIDATE', insteadOf === undefined ? hint(rules, stage, context) : undefined).refusal;
}

/** Paths for which a decision counts. */
function countsFor({ insteadOf }: RecordDecision, rules: Rules, { id, escalated }: OpenStage, { actor }: Context) {
  return pathsOf(insteadOf ?? actor.id, stageOf(rules, id), escalated, rules.rulebook);
}

/** Who could decide instead of a candidate is told whom to name. */
function hint(rules: Rules, stage: OpenStage, context: Context): string | undefined {
  const { id, escalated } = stage;
  const person = rules.rulebook?.substitutions.find(
    (each) =>
      standsInFor(context.actor, each.person, rules, context.occurredAt) &&
      pathsOf(each.person, stageOf(rules, id), escalated, rules.rulebook).length > 0,
  )?.person;
  return person === undefined
    ? undefined
    : `You are no candidate of this stage yourself, but you stand in for ${person}: say insteadOf.`;
}

/** The decision with what it counts for, and what follows from it. */
export function vote(voted: Voted, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { command, review, under, automated } = voted;
  const rules = rulesOf(under, context);
  const stage = under.stage!;
  const paths = automated ? [] : countsFor(command, rules, stage, context);
  const ends = automated ? undefined : endsWith(command.decision, rules.defined.definition);
  const { insteadOf } = command;
  const recorded: AssetEvent = {
    type: 'DecisionRecorded',
    data: {
      ...voted.recorded,
      round: under.round,
      stage: stage.id,
      paths,
      ...(insteadOf !== undefined && { insteadOf }),
      ...(rules.rulebook && { rulebook: rules.rulebook.number }),
      ...(ends && { ends }),
    },
  };
  if (automated || ends !== undefined) return { events: [recorded] };
  const decided: Decided = {
    by: context.actor.id,
    insteadOf,
    decision: command.decision,
    counts: true,
    stage: stage.number,
    paths,
  };
  const after = { ...review, decided: [...review.decided, decided] };
  const defined = stageOf(rules, stage.id);
  if (command.decision !== 'approve') return { events: [recorded, ...outOfReach(after, under, rules, state)] };
  if (standOf(defined, stage.number, after.decided).lacking.length > 0) return { events: [recorded] };
  return { events: [recorded, ...afterStage(defined, aboutOf(after, under), rules, state, context)] };
}

/** What a decision against does, by the rules; nothing where it is none. */
function endsWith(decision: RecordDecision['decision'], definition: Definition): 'review' | 'round' | undefined {
  const { onReject = 'end', onChangesRequested = 'suspend', onApproveWithChanges = 'suspend' } = definition;
  const consequences = {
    reject: onReject,
    changesRequested: onChangesRequested,
    approveWithChanges: onApproveWithChanges,
  };
  const consequence = (consequences as { readonly [word: string]: 'end' | 'suspend' | undefined })[decision];
  if (consequence === undefined) return undefined;
  return consequence === 'end' ? 'review' : 'round';
}

/** Who abstains is no longer there for the others. */
function outOfReach(
  review: OpenReview,
  { stage }: UnderWorkflow,
  rules: Rules,
  state: AssetState,
): readonly AssetEvent[] {
  if (stage === undefined) return [];
  const excluded = excludedFrom(state, review.requestedBy);
  const { id, number, escalated } = stage;
  const paths = unreachableIn(stageOf(rules, id), number, rules, excluded, { decided: review.decided, escalated });
  if (paths.every((path) => stage.unreachable.includes(path))) return [];
  const { version, digest } = review;
  return [{ type: 'QuorumUnreachable', data: { review: review.review, version, digest, stage: id, paths } }];
}

/** The refusal of a review whose paths cannot get the people they need, each of them named. */
export function outOfReachAtFirst(rules: Rules, state: AssetState, requestedBy: readonly string[]): readonly Refusal[] {
  const excluded = excludedFrom(state, requestedBy);
  return rules.defined.definition.stages.flatMap((stage, index) =>
    unreachableIn(stage, index + 1, rules, excluded, { decided: [], escalated: false }).map((path) => {
      const quorum = stage.paths.find(({ id }) => id === path)?.quorum;
      const message = `Path ${path} of stage ${stage.id} needs ${quorum}, and too few are left who are not involved.`;
      return refuse('QUORUM_UNREACHABLE', message).refusal;
    }),
  );
}
