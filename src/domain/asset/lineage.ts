import type { Context, Outcome } from '../decider';
import { refuse } from '../refusal';
import { assetsIn, lineageOf, MOST_STREAMS } from '../rights/lineage';
import type { Known } from '../standings';
import { streamOf } from '../stream';
import type { AddComponent, AttachLicence, DetachLicence, RemoveComponent } from './commands';
import { lapse } from './content';
import type { AssetEvent } from './events';
import type { AssetState } from './state';

/** Streams of an asset's origins and of all their licences and its own: what decides whether it may be used. */
export function rightsAsked(state: AssetState, known: Known): { readonly streams: readonly string[]; cut: boolean } {
  const lineage = lineageOf(state, known);
  const assets = assetsIn(lineage);
  const licences = [state.licences, ...assets.map((asset) => known.standing('asset', asset)?.licences ?? [])].flat();
  const streams = [
    ...assets.map((asset) => streamOf('asset', asset)),
    ...new Set(licences.map((licence) => streamOf('licence', licence))),
  ];
  return { streams: streams.slice(0, MOST_STREAMS), cut: lineage.cut || streams.length > MOST_STREAMS };
}

/** Streams of a component and of everything that it comes from or holds: none of them may be the asset it is added to. */
export function componentAsked({ component }: AddComponent, known: Known): readonly string[] {
  return assetsIn(lineageOf({ parents: [], components: [component] }, known)).map((asset) => streamOf('asset', asset));
}

export function addComponent(
  { asset, component }: AddComponent,
  state: AssetState,
  context: Context,
): Outcome<AssetEvent> {
  const path = ['component'];
  const lineage = lineageOf({ parents: [], components: [component] }, context);
  const versions = context.standing('asset', component.asset)?.versions ?? -1;
  if (versions < component.version) return refuse('PARENT_NOT_FOUND', undefined, path);
  if (assetsIn(lineage).includes(asset)) return refuse('LINEAGE_CYCLE', undefined, path);
  if (lineage.cut) return refuse('TOO_MANY_REFERENCES', undefined, path);
  if (state.components.some((held) => held.asset === component.asset && held.version === component.version)) {
    return { events: [] };
  }
  const { version } = component;
  return { events: [{ type: 'ComponentAdded', data: { component: { asset: component.asset, version } } }] };
}

export function removeComponent({ component, reason }: RemoveComponent, state: AssetState): Outcome<AssetEvent> {
  const held = state.components.find(({ asset }) => asset === component);
  if (held === undefined) return refuse('COMPONENT_NOT_FOUND', undefined, ['component']);
  // What is left may be used more widely, so somebody else must see that it is really gone.
  const removed = { type: 'ComponentRemoved', data: { component: held, reason } } as const;
  return { events: [removed, ...lapse(state, 'componentRemoved')] };
}

export function attachLicence({ licence }: AttachLicence, state: AssetState, context: Context): Outcome<AssetEvent> {
  if (context.standing('licence', licence) === undefined) return refuse('LICENCE_NOT_FOUND', undefined, ['licence']);
  if (state.licences.includes(licence)) return { events: [] };
  return { events: [{ type: 'LicenceAttached', data: { licence } }] };
}

/** An asset that loses its last licence may be used for nothing: it does not become one without rules. */
export function detachLicence({ licence, reason }: DetachLicence, state: AssetState): Outcome<AssetEvent> {
  if (!state.licences.includes(licence)) return refuse('LICENCE_NOT_ATTACHED', undefined, ['licence']);
  return { events: [{ type: 'LicenceDetached', data: { licence, reason } }] };
}
