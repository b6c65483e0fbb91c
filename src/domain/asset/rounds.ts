import type { Context } from '../decider';
import type { AssetEvent } from './events';
import { materialHash } from './material';
import { rulesOf } from './rules';
import { aboutOf, openStage } from './stages';
import { type AssetState, evolve } from './state';

/**
 * What follows for an open review when there is something new: its next round begins with the first stage, and whoever
 * made the new thing no longer takes part. Nothing where no workflow rules: such a review is over.
 */
export function nextRound(
  changes: readonly AssetEvent[],
  cause: 'newVersion' | 'materialMetadata',
  before: AssetState,
  context: Context,
): readonly AssetEvent[] {
  const under = before.review?.under;
  if (under === undefined) return [];
  const state = changes.reduce((folded, event) => evolve(folded, happening(event, context)), before);
  const open = state.review;
  const current = state.versions;
  if (open === undefined || current === undefined) return [];
  const hash = materialHash(state.metadata, context, under.materialFields);
  const round = under.round + 1;
  const of = { review: open.review, version: current.length, digest: current.last.digest };
  const opened: AssetEvent = { type: 'ReviewRoundOpened', data: { ...of, round, materialHash: hash, cause } };
  const next = evolve(state, happening(opened, context));
  const about = { ...aboutOf(next.review!, next.review!.under!), decided: [] };
  return [opened, ...openStage(0, about, rulesOf(under, context), next, context)];
}

/** An event as the fold will see it, once it is recorded. */
function happening<E extends AssetEvent>(event: E, { actor, occurredAt }: Context) {
  return { ...event, metadata: { actorId: actor.id, onBehalfOf: actor.onBehalfOf, occurredAt } };
}
