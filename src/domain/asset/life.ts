import type { Outcome } from '../decider';
import { refuse } from '../refusal';
import type { ObserveAlias, ObserveAliasEnd, RestoreAsset, RetireAsset } from './commands';
import { lapse } from './content';
import type { AssetEvent } from './events';
import { ended } from './placement';
import type { AssetState } from './state';

/** What runs through our door ends with the asset; what was only seen elsewhere ends when it is seen to. */
export function retire(command: RetireAsset, state: AssetState): Outcome<AssetEvent> {
  const { reason } = command;
  const ends = state.placements.filter((live) => !live.observed).map((live) => ended(live, 'the asset was retired'));
  return { events: [...ends, ...lapse(state, 'retired'), { type: 'AssetRetired', data: { reason } }] };
}

/** A restored asset is a draft again: its approval lapsed when it was retired. */
export function restore(command: RestoreAsset, state: AssetState): Outcome<AssetEvent> {
  if (!state.retired) return refuse('ASSET_NOT_RETIRED');
  return { events: [{ type: 'AssetRestored', data: { reason: command.reason } }] };
}

export function observeAlias(command: ObserveAlias, state: AssetState): Outcome<AssetEvent> {
  const { path, evidence } = command;
  return { events: state.aliases.includes(path) ? [] : [{ type: 'AliasObserved', data: { path, evidence } }] };
}

export function observeAliasEnd(command: ObserveAliasEnd, state: AssetState): Outcome<AssetEvent> {
  const { path, evidence } = command;
  return { events: state.aliases.includes(path) ? [{ type: 'AliasEndObserved', data: { path, evidence } }] : [] };
}
