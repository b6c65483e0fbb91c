import type { Context, Outcome } from '../decider';
import { canonicalId } from '../identity';
import { refuse } from '../refusal';
import type { AssignReviewer, KeepDeadline } from './commands';
import { excludedFrom, votersOf } from './eligible';
import type { AssetEvent } from './events';
import { rulesOf, stageOf } from './rules';
import { aboutOf, afterStage } from './stages';
import type { AssetState } from './state';

/** What the time that has passed asks for. Asked again at the same time it asks for nothing more. */
export function keepDeadline(command: KeepDeadline, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { review } = state;
  if (review === undefined || review.review !== command.review) return refuse('REVIEW_NOT_OPEN', undefined, ['review']);
  const stage = review.under?.stage;
  const due = stage?.due;
  if (review.under === undefined || stage === undefined || due === undefined) return { events: [] };
  const { version, digest } = review;
  const of = { review: review.review, version, digest, stage: stage.id, due };
  const passed = [...stage.remindAt, due].filter((at) => at <= context.occurredAt).at(-1);
  const reminder = passed !== undefined && passed > (stage.reminded ?? '') ? passed : undefined;
  if (context.occurredAt < due) {
    return { events: reminder === undefined ? [] : [{ type: 'ReviewReminded', data: { ...of, reminder } }] };
  }
  const rules = rulesOf(review.under, context);
  const defined = stageOf(rules, stage.id);
  const { onSilence, escalateTo = {} } = defined.deadline!;
  switch (onSilence) {
    case 'remind':
      return { events: reminder === undefined ? [] : [{ type: 'ReviewReminded', data: { ...of, reminder } }] };
    case 'escalate':
      return { events: stage.escalated ? [] : [{ type: 'ReviewEscalated', data: { ...of, candidates: escalateTo } }] };
    case 'lapse':
      return { events: [{ type: 'ReviewLapsed', data: of }] };
    case 'approve':
      return { events: afterStage(defined, aboutOf(review, review.under), rules, state, context, true) };
  }
}

/** Whom a path waits for. Only candidates can be asked: an assignment gives nobody a right. */
export function assignReviewer(command: AssignReviewer, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { path, person } = command;
  const { review } = state;
  if (review === undefined) return refuse('REVIEW_NOT_OPEN');
  if (review.under === undefined) return refuse('PATH_NOT_FOUND', undefined, ['path']);
  const stage = review.under.stage;
  if (stage === undefined) return refuse('REVIEW_SUSPENDED');
  const rules = rulesOf(review.under, context);
  const defined = stageOf(rules, stage.id);
  const found = defined.paths.find(({ id }) => id === path);
  if (found === undefined) return refuse('PATH_NOT_FOUND', undefined, ['path']);
  const id = canonicalId(person);
  const { named, anybody } = votersOf(found, defined, stage.escalated, rules.rulebook);
  if (!anybody && !named.has(id)) return refuse('NOT_A_CANDIDATE', undefined, ['person']);
  if (excludedFrom(state, review.requestedBy).has(id)) return refuse('FOUR_EYES', undefined, ['person']);
  if (stage.assigned.some((each) => each.path === path && canonicalId(each.person) === id)) return { events: [] };
  const { version, digest } = review;
  const data = { review: review.review, version, digest, stage: stage.id, path, person };
  return { events: [{ type: 'ReviewerAssigned', data }] };
}
