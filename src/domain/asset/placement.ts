import type { Context, Outcome } from '../decider';
import { type RefusalCode, refuse } from '../refusal';
import { holds } from '../trail';
import type { AssetCommand } from './commands';
import type { AssetEvent } from './events';
import { type AssetState, isBeforeVersion, type LivePlacement, versionOf } from './state';

type CommandNamed<T extends AssetCommand['type']> = Extract<AssetCommand, { readonly type: T }>;
type Place = CommandNamed<'PlaceInCampaign'> | CommandNamed<'ObservePlacement'>;

export function place(
  command: CommandNamed<'PlaceInCampaign'>,
  state: AssetState,
  context: Context,
): Outcome<AssetEvent> {
  const placed = versionOf(state, command.version);
  if (placed === undefined) return refuse('VERSION_NOT_FOUND', undefined, ['version']);
  const [gate] = gates(command, state, context);
  if (gate !== undefined) return refuse(gate.code, undefined, gate.path);
  if (running(command, state)) return refuse('PLACEMENT_EXISTS');
  const { campaign, version, channel, market } = command;
  const approval = state.approval?.approval ?? '';
  const data = {
    placement: context.id('placement'),
    campaign,
    version,
    digest: placed.digest,
    approval,
    channel,
    market,
  };
  return { events: [{ type: 'PlacementStarted', data }] };
}

export function observePlacement(
  command: CommandNamed<'ObservePlacement'>,
  state: AssetState,
  context: Context,
): Outcome<AssetEvent> {
  const seen = versionOf(state, command.version);
  if (seen === undefined) return refuse('VERSION_NOT_FOUND', undefined, ['version']);
  if (running(command, state)) return { events: [] };
  const { campaign, version, channel, market, evidence } = command;
  const placement = context.id('placement');
  const wouldRefuse = gates(command, state, context).map((gate) => gate.code);
  const data = { placement, campaign, version, digest: seen.digest, channel, market, evidence, wouldRefuse };
  return { events: [{ type: 'PlacementObserved', data }] };
}

interface Gate {
  readonly code: RefusalCode;
  readonly path?: readonly string[];
}

/** Every gate a placement meets: an act is refused by the first, a report is marked with all of them. */
function gates(command: Place, state: AssetState, context: Context): readonly Gate[] {
  const closed: Gate[] = [];
  if (state.retired) closed.push({ code: 'ASSET_RETIRED' });
  if (isBeforeVersion(state, command.version, context)) closed.push({ code: 'BEFORE_VERSION', path: ['occurredAt'] });
  if (state.approval?.version !== command.version) closed.push({ code: 'NOT_APPROVED', path: ['version'] });
  const campaign = context.standing(`campaign-${command.campaign}`);
  if (!campaign.exists) closed.push({ code: 'CAMPAIGN_NOT_FOUND', path: ['campaign'] });
  else if (campaign.status !== 'launched') closed.push({ code: 'CAMPAIGN_NOT_OPEN', path: ['campaign'] });
  return closed;
}

function running(command: Place, state: AssetState): boolean {
  return state.placements.some(
    (live) =>
      live.campaign === command.campaign &&
      live.version === command.version &&
      live.channel === command.channel &&
      live.market === command.market,
  );
}

export function endPlacement(command: CommandNamed<'EndPlacement'>, state: AssetState): Outcome<AssetEvent> {
  const live = state.placements.find((placement) => placement.placement === command.placement);
  if (live !== undefined) return { events: [ended(live, command.reason)] };
  const over = holds(state.endedPlacements, command.placement);
  return refuse(over ? 'PLACEMENT_ENDED' : 'PLACEMENT_NOT_FOUND', undefined, ['placement']);
}

export function observePlacementEnd(
  command: CommandNamed<'ObservePlacementEnd'>,
  state: AssetState,
): Outcome<AssetEvent> {
  const { placement, evidence } = command;
  const live = state.placements.find((candidate) => candidate.placement === placement);
  if (live !== undefined) {
    const { campaign, version } = live;
    return { events: [{ type: 'PlacementEndObserved', data: { placement, campaign, version, evidence } }] };
  }
  if (holds(state.endedPlacements, placement)) return { events: [] };
  return refuse('PLACEMENT_NOT_FOUND', undefined, ['placement']);
}

export function ended(live: LivePlacement, reason: string | undefined): AssetEvent {
  const { placement, campaign, version } = live;
  return { type: 'PlacementEnded', data: { placement, campaign, version, reason } };
}
