import type { Context, Outcome } from '../decider';
import { refusalOf, refuse } from '../refusal';
import type { EndWaiver, WaiveRules } from './commands';
import type { AssetEvent } from './events';
import { type AssetState, idsOf, isAmong, makersOf, versionOf } from './state';

/** Somebody with authority, in person and not a maker of the content, answers for an exception until an instant. */
export function waiveRules(command: WaiveRules, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { version, digest, rules, waivedUntil, reason } = command;
  const { actor, occurredAt } = context;
  const content = versionOf(state, version);
  if (content === undefined) return refuse('VERSION_NOT_FOUND', undefined, ['version']);
  const stale = content.digest === digest ? [] : [refuse('DECISION_STALE', undefined, ['digest'])];
  const program = actor.kind !== 'person' || actor.onBehalfOf !== undefined ? [refuse('WAIVER_NEEDS_PERSON')] : [];
  const makers = makersOf(state, content.digest);
  const made = context.makers?.made === true || idsOf(actor).some((id) => isAmong(makers, id));
  const message = 'waivedUntil: must be after the moment of the act: an exception that is over waives nothing';
  const over = waivedUntil > occurredAt ? [] : [refuse('INVALID_INPUT', message, ['waivedUntil'])];
  const refused = [...stale, ...program, ...(made ? [refuse('FOUR_EYES')] : []), ...over];
  const refusal = refusalOf(refused.map((each) => each.refusal));
  if (refusal !== undefined) return { refusal };
  const same = state.waivers.some(
    (each) => each.digest === digest && each.until === waivedUntil && each.rules.join() === rules.join(),
  );
  if (same) return { events: [] };
  const waiver = context.id('waiver');
  return { events: [{ type: 'RulesWaived', data: { waiver, version, digest, rules, waivedUntil, reason } }] };
}

export function endWaiver({ waiver, reason }: EndWaiver, state: AssetState): Outcome<AssetEvent> {
  if (!state.waivers.some((each) => each.waiver === waiver)) return refuse('WAIVER_NOT_FOUND', undefined, ['waiver']);
  return { events: [{ type: 'WaiverEnded', data: { waiver, reason } }] };
}
