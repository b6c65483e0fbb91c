import type { Context, Outcome } from '../decider';
import { type RefusalCode, refuse } from '../refusal';
import { holds } from '../trail';
import type { AssetCommand } from './commands';
import type { AssetEvent, Digest } from './events';
import { type AssetState, isBeforeVersion, type LivePlacement, newestWith, versionOf } from './state';

type CommandNamed<T extends AssetCommand['type']> = Extract<AssetCommand, { readonly type: T }>;
/** What is placed, and where. */
interface Place {
  readonly campaign: string;
  /** Undefined where what was seen is no version of the asset. */
  readonly version: number | undefined;
  readonly digest: Digest;
  readonly channel: string;
  readonly market?: string | undefined;
}

export function place(
  command: CommandNamed<'PlaceInCampaign'>,
  state: AssetState,
  context: Context,
): Outcome<AssetEvent> {
  const placed = versionOf(state, command.version);
  if (placed === undefined) return refuse('VERSION_NOT_FOUND', undefined, ['version']);
  const place = { ...command, digest: placed.digest };
  const [gate] = gates(place, state, context);
  if (gate !== undefined) return refuse(gate.code, undefined, gate.path);
  if (running(place, state)) return refuse('PLACEMENT_EXISTS');
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
  const seen = contentSeen(command, state);
  if ('refusal' in seen) return seen;
  const { campaign, path, channel, market, evidence } = command;
  const place = { campaign, channel, market, ...seen };
  if (running(place, state)) return { events: [] };
  const placement = context.id('placement');
  const wouldRefuse = gates(place, state, context).map((gate) => gate.code);
  const data = { placement, campaign, ...seen, path, channel, market, evidence, wouldRefuse };
  return { events: [{ type: 'PlacementObserved', data }] };
}

interface Content {
  /** Undefined where the bytes are no version of the asset. */
  readonly version: number | undefined;
  readonly digest: Digest;
}

type Refused = ReturnType<typeof refuse>;

function contentSeen({ version, digest }: CommandNamed<'ObservePlacement'>, state: AssetState): Content | Refused {
  if (version !== undefined && digest !== undefined) {
    return refuse('INVALID_INPUT', 'digest: names the content a second time; give the version or the digest', [
      'digest',
    ]);
  }
  if (digest !== undefined) return { version: newestWith(state, digest), digest };
  if (version === undefined) return refuse('INVALID_INPUT', 'version: give the version or the digest', ['version']);
  const known = versionOf(state, version);
  return known === undefined ? refuse('VERSION_NOT_FOUND', undefined, ['version']) : { version, digest: known.digest };
}

interface Gate {
  readonly code: RefusalCode;
  readonly path?: readonly string[];
}

/** Every gate a placement meets: an act is refused by the first, a report is marked with all of them. */
function gates(place: Place, state: AssetState, context: Context): readonly Gate[] {
  const { version } = place;
  const closed: Gate[] = [];
  if (state.retired) closed.push({ code: 'ASSET_RETIRED' });
  if (version === undefined) closed.push({ code: 'VERSION_NOT_FOUND', path: ['version'] });
  else if (isBeforeVersion(state, version, context)) closed.push({ code: 'BEFORE_VERSION', path: ['occurredAt'] });
  const approved = version !== undefined && state.approval?.version === version;
  if (!approved) closed.push({ code: 'NOT_APPROVED', path: ['version'] });
  const campaign = context.standing(`campaign-${place.campaign}`);
  if (!campaign.exists) closed.push({ code: 'CAMPAIGN_NOT_FOUND', path: ['campaign'] });
  else if (campaign.status !== 'launched') closed.push({ code: 'CAMPAIGN_NOT_OPEN', path: ['campaign'] });
  return closed;
}

function running(place: Place, state: AssetState): boolean {
  return state.placements.some(
    (live) =>
      live.campaign === place.campaign &&
      live.version === place.version &&
      (place.version !== undefined || live.digest === place.digest) &&
      live.channel === place.channel &&
      live.market === place.market,
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
