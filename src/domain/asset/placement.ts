import type { Context, Outcome } from '../decider';
import type { InputFault } from '../input';
import { type Refusal, type RefusalCode, refusalOf, refuse } from '../refusal';
import { holds } from '../trail';
import type { EndPlacement, ObservePlacement, ObservePlacementEnd, PlaceInCampaign } from './commands';
import type { AssetEvent } from './events';
import type { Digest } from './parts';
import { type AssetState, isBeforeVersion, type LivePlacement, newestWith, versionOf } from './state';

/** What is placed, and where. */
interface Place {
  readonly campaign: string;
  /** Undefined where what was seen is no version of the asset. */
  readonly version: number | undefined;
  readonly digest: Digest;
  readonly channel: string;
  readonly market?: string | undefined;
}

export function place(command: PlaceInCampaign, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { campaign, version, channel, market } = command;
  const placed = versionOf(state, version);
  const closed = refusalOf(gates({ ...command, version: placed && version }, state, context));
  if (closed !== undefined || placed === undefined) return { refusal: closed! };
  if (running({ ...command, digest: placed.digest }, state)) return refuse('PLACEMENT_EXISTS');
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

export function observePlacement(command: ObservePlacement, state: AssetState, context: Context): Outcome<AssetEvent> {
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

/** What was seen is named by one of the two. */
export function versionOrDigest({ version, digest }: ObservePlacement): readonly InputFault[] {
  if (version !== undefined && digest !== undefined) {
    return [{ steps: ['digest'], reason: 'names the content a second time; give the version or the digest' }];
  }
  return version === undefined && digest === undefined
    ? [{ steps: ['version'], reason: 'give the version or the digest' }]
    : [];
}

function contentSeen({ version, digest }: ObservePlacement, state: AssetState): Content | Refused {
  if (digest !== undefined) return { version: newestWith(state, digest), digest };
  const known = versionOf(state, version!);
  return known === undefined ? refuse('VERSION_NOT_FOUND', undefined, ['version']) : { version, digest: known.digest };
}

/** Every closed gate that a placement meets: an act is refused for all of them, a report is marked with them. */
function gates(place: Pick<Place, 'campaign' | 'version'>, state: AssetState, context: Context): readonly Refusal[] {
  const { version } = place;
  const closed: Refusal[] = [];
  const close = (code: RefusalCode, path?: string) =>
    closed.push(refuse(code, undefined, path === undefined ? undefined : [path]).refusal);
  if (state.retired) close('ASSET_RETIRED');
  if (version === undefined) close('VERSION_NOT_FOUND', 'version');
  else if (isBeforeVersion(state, version, context)) close('BEFORE_VERSION', 'occurredAt');
  const approved = version !== undefined && state.approval?.version === version;
  if (!approved) close('NOT_APPROVED', 'version');
  const campaign = context.standing('campaign', place.campaign);
  if (campaign === undefined) close('CAMPAIGN_NOT_FOUND', 'campaign');
  else if (campaign.status !== 'launched') close('CAMPAIGN_NOT_OPEN', 'campaign');
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

export function endPlacement(command: EndPlacement, state: AssetState): Outcome<AssetEvent> {
  const live = state.placements.find((placement) => placement.placement === command.placement);
  if (live !== undefined) return { events: [ended(live, command.reason)] };
  const over = holds(state.endedPlacements, command.placement);
  return refuse(over ? 'PLACEMENT_ENDED' : 'PLACEMENT_NOT_FOUND', undefined, ['placement']);
}

export function observePlacementEnd(command: ObservePlacementEnd, state: AssetState): Outcome<AssetEvent> {
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
