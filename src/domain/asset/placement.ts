import { isBefore } from '../clocks';
import type { Context, Outcome } from '../decider';
import type { InputFault } from '../input';
import { refusalOf, refuse } from '../refusal';
import { canonicalLanguage } from '../rights/languages';
import { holds } from '../trail';
import type { EndPlacement, ObservePlacement, ObservePlacementEnd, PlaceInCampaign } from './commands';
import type { AssetEvent } from './events';
import { gate, type Place } from './gate';
import type { LivePlacement } from './live';
import type { Digest, Whereabouts } from './parts';
import { type AssetState, newestWith, versionOf } from './state';

export function place(command: PlaceInCampaign, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { asset, campaign, version, channel, market } = command;
  const early = pastFault(command, context);
  if (early !== undefined) return early;
  const placed = versionOf(state, version);
  const digest = placed?.digest ?? '';
  const where = whereaboutsOf(command);
  const place = placeOf({ asset, campaign, version: placed && version, digest, channel, market }, where);
  const { closed, rulings } = gate(place, state, context);
  const refusal = refusalOf(closed);
  if (refusal !== undefined) return { refusal };
  if (running(place, where, state)) return refuse('PLACEMENT_EXISTS');
  const approval = state.approval?.approval ?? '';
  const placement = context.id('placement');
  const data = { placement, campaign, version, digest, approval, channel, market, ...where, rulings };
  return { events: [{ type: 'PlacementStarted', data }] };
}

export function observePlacement(command: ObservePlacement, state: AssetState, context: Context): Outcome<AssetEvent> {
  const seen = contentSeen(command, state);
  if ('refusal' in seen) return seen;
  const { asset, campaign, path, channel, market, evidence } = command;
  const where = whereaboutsOf(command);
  const place = placeOf({ asset, campaign, channel, market, ...seen }, where);
  if (running(place, where, state)) return { events: [] };
  const placement = context.id('placement');
  const { closed, rulings } = gate(place, state, context);
  const wouldRefuse = [...new Set(closed.map(({ code }) => code))];
  const data = { placement, campaign, ...seen, path, channel, market, evidence, wouldRefuse, ...where, rulings };
  return { events: [{ type: 'PlacementObserved', data }] };
}

type Said = Pick<PlaceInCampaign, keyof Whereabouts>;

/** Where exactly it runs, as an event keeps it. */
function whereaboutsOf({ slot, url, language, goesLiveAt, runsUntil, disclosure }: Said): Whereabouts {
  const tag = language && (canonicalLanguage(language) ?? language);
  return { slot, url, language: tag, goesLiveAt, runsUntil, disclosure };
}

function placeOf(
  what: Pick<Place, 'asset' | 'campaign' | 'version' | 'digest' | 'channel' | 'market'>,
  { language, goesLiveAt: from, runsUntil: until, disclosure }: Whereabouts,
): Place {
  return { ...what, language, from, until, disclosure };
}

/** An end before the beginning. */
export function invertedWindow({ goesLiveAt, runsUntil }: Said): readonly InputFault[] {
  const inverted = goesLiveAt !== undefined && runsUntil !== undefined && runsUntil <= goesLiveAt;
  return inverted ? [{ steps: ['runsUntil'], reason: 'must be after goesLiveAt' }] : [];
}

/** What is placed goes live now or later, and runs for some time. */
function pastFault({ goesLiveAt, runsUntil }: Said, { occurredAt }: Context): Refused | undefined {
  const wrong = (field: string) =>
    refuse('INVALID_INPUT', `${field}: must not be before the moment of the act`, [field]);
  if (goesLiveAt !== undefined && isBefore(goesLiveAt, occurredAt)) return wrong('goesLiveAt');
  return runsUntil !== undefined && runsUntil <= occurredAt ? wrong('runsUntil') : undefined;
}

interface Content {
  /** Undefined where the bytes are no version of the asset. */
  readonly version: number | undefined;
  readonly digest: Digest;
}

type Refused = ReturnType<typeof refuse>;

/** What was seen is named by one of the two. */
export function versionOrDigest({ version, digest, ...where }: ObservePlacement): readonly InputFault[] {
  const window = invertedWindow(where);
  if (window.length > 0) return window;
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

function running(place: Place, where: Whereabouts, state: AssetState): boolean {
  return state.placements.some(
    (live) =>
      live.campaign === place.campaign &&
      live.version === place.version &&
      (place.version !== undefined || live.digest === place.digest) &&
      live.channel === place.channel &&
      live.market === place.market &&
      live.slot === where.slot &&
      live.url === where.url &&
      live.language === where.language,
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
