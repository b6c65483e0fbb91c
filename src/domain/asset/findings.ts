import { OF_USES } from '../compliance';
import type { Context, Outcome } from '../decider';
import { refuse } from '../refusal';
import type { AcknowledgeFinding, ExaminePlacement } from './commands';
import type { AssetEvent } from './events';
import { gate } from './gate';
import type { LivePlacement } from './live';
import type { AssetState } from './state';

/**
 * Asks the gate again about what runs already, by what is so now: rights, rules, the approval and the campaign may have
 * changed. It ends nothing; what it finds stands beside the placement until it is dealt with.
 */
export function examinePlacement(
  { asset, placement, examinedFor }: ExaminePlacement,
  state: AssetState,
  context: Context,
): Outcome<AssetEvent> {
  const live = liveOf(placement, state);
  if (live === undefined) return refuse('PLACEMENT_NOT_FOUND', undefined, ['placement']);
  const { campaign, version, digest, channel, market, language, runsUntil, disclosure } = live;
  const from = later(live.goesLiveAt, context.occurredAt);
  const where = { asset, campaign, version, digest, channel, market, language, disclosure, from, until: runsUntil };
  const { closed, rulings } = gate(where, state, context);
  const overdue = runsUntil !== undefined && runsUntil <= context.occurredAt;
  const codes = closed.map(({ code }) => code).filter((code) => code !== OF_USES);
  const wouldRefuse = [...new Set([...codes, ...(overdue ? ['PLACEMENT_ENDED' as const] : [])])];
  if (wouldRefuse.join() === live.found.join()) return { events: [] };
  return { events: [{ type: 'PlacementExamined', data: { placement, wouldRefuse, rulings, examinedFor } }] };
}

function later(one: string | undefined, other: string): string {
  return one !== undefined && one > other ? one : other;
}

/** Somebody has seen what was found, and says what follows from it. */
export function acknowledgeFinding({ placement, note }: AcknowledgeFinding, state: AssetState): Outcome<AssetEvent> {
  const live = liveOf(placement, state);
  if (live === undefined) return refuse('PLACEMENT_NOT_FOUND', undefined, ['placement']);
  if (live.found.length === 0) return refuse('FINDING_NOT_FOUND', undefined, ['placement']);
  if (live.acknowledged === note) return { events: [] };
  return { events: [{ type: 'FindingAcknowledged', data: { placement, note } }] };
}

function liveOf(placement: string, { placements }: AssetState): LivePlacement | undefined {
  return placements.find((live) => live.placement === placement);
}
