import type { Context, Outcome } from '../decider';
import { refuse } from '../refusal';
import type { Known } from '../standings';
import { streamOf } from '../stream';
import type { AddComponent, AttachLicence, DetachLicence, RemoveComponent } from './commands';
import { lapse } from './content';
import type { AssetEvent } from './events';
import type { VersionRef } from './parts';
import type { AssetState } from './state';

/** Levels of origins that a decision follows; the asset itself is one more. */
const MOST_LEVELS = 9;
/** Streams of origins and of their licences that a decision follows. */
const MOST_STREAMS = 190;

/** What an asset was made from, or holds, directly. */
type Edges = Pick<AssetState, 'parents' | 'components'>;

/** A version that an asset comes from or holds, at whatever depth. */
export interface Origin extends VersionRef {
  readonly as: 'parent' | 'component';
}

export interface Lineage {
  /** Each version once, the nearest first. */
  readonly origins: readonly Origin[];
  /** True where it goes on beyond what is followed. */
  readonly cut: boolean;
}

/** Everything that an asset comes from and holds, level by level, as far as it is known. Each asset is looked into once. */
export function lineageOf(edges: Edges, known: Known): Lineage {
  const origins = new Map<string, Origin>();
  const seen = new Set<string>();
  let level: readonly Origin[] = edgesOf(edges);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MOST_LEVELS) return { origins: [...origins.values()], cut: true };
    const next: Origin[] = [];
    for (const origin of level) {
      const key = `${origin.asset}.${origin.version}`;
      if (!origins.has(key)) origins.set(key, origin);
      if (seen.has(origin.asset)) continue;
      if (seen.size === MOST_STREAMS) return { origins: [...origins.values()], cut: true };
      seen.add(origin.asset);
      const standing = known.standing('asset', origin.asset);
      if (standing !== undefined) next.push(...edgesOf(standing));
    }
    level = next;
  }
  return { origins: [...origins.values()], cut: false };
}

function edgesOf({ parents, components }: Edges): readonly Origin[] {
  return [
    ...parents.map((ref): Origin => ({ ...ref, as: 'parent' })),
    ...components.map((ref): Origin => ({ ...ref, as: 'component' })),
  ];
}

/** The assets of a lineage, each once. */
export function assetsIn({ origins }: Lineage): readonly string[] {
  return [...new Set(origins.map(({ asset }) => asset))];
}

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
