import type { Context, Outcome } from '../decider';
import { type InputFault, MOST_FAULTS } from '../input';
import { type Refusal, refusalOf, refuse } from '../refusal';
import { streamOf } from '../stream';
import type { AddVersion, ChangeMetadata, RegisterAsset } from './commands';
import type { AssetEvent, AssetEventNamed } from './events';
import { fieldOf, isMaterial, sameTags, sameValue, spellings, withChange } from './material';
import { MAX_FIELDS, type VersionContent, type VersionRef } from './parts';
import { nextRound } from './rounds';
import { type AssetState, currentVersion, materialFieldsOf, versionOf } from './state';

export function register(command: RegisterAsset, _state: AssetState, context: Context): Outcome<AssetEvent> {
  const missing = refusalOf(missingParents(command, context));
  if (missing !== undefined) return { refusal: missing };
  const { kind, title, tags, derivedFrom, template, componentOf, metadata, content } = command;
  const registered = {
    type: 'AssetRegistered',
    data: { kind, title, tags: tags ?? [], derivedFrom, template, componentOf, metadata },
  } as const;
  return { events: content === undefined ? [registered] : [registered, versionAdded(1, content)] };
}

/** Streams of the assets that an asset comes from or belongs to. */
export function parentsOf({ derivedFrom = [], template, componentOf }: RegisterAsset): readonly string[] {
  const parents = derivedFrom.map((parent) => parent.asset);
  if (template !== undefined) parents.push(template.asset);
  if (componentOf !== undefined) parents.push(componentOf);
  return [...new Set(parents)].map((parent) => streamOf('asset', parent));
}

function missingParents(command: RegisterAsset, context: Context): readonly Refusal[] {
  const { derivedFrom = [], template, componentOf } = command;
  const absent = (ref: VersionRef) => (context.standing('asset', ref.asset)?.versions ?? -1) < ref.version;
  const paths = derivedFrom.flatMap((ref, index) => (absent(ref) ? [['derivedFrom', String(index)]] : []));
  if (template !== undefined && absent(template)) paths.push(['template']);
  if (componentOf !== undefined && !context.standing('asset', componentOf)) paths.push(['componentOf']);
  return paths.slice(0, MOST_FAULTS).map((path) => refuse('PARENT_NOT_FOUND', undefined, path).refusal);
}

export function addVersion({ content }: AddVersion, state: AssetState, context: Context): Outcome<AssetEvent> {
  const current = currentVersion(state);
  if (versionOf(state, current)?.digest === content.digest) {
    return refuse('VERSION_UNCHANGED', undefined, ['content', 'digest']);
  }
  const added = [versionAdded(current + 1, content), ...lapse(state, 'newVersion')];
  return { events: [...added, ...nextRound(added, 'newVersion', state, context)] };
}

function versionAdded(version: number, content: VersionContent): AssetEventNamed<'VersionAdded'> {
  const { digest, bytes, mediaType, width, height, orientation, note, madeWith, contributors } = content;
  return {
    type: 'VersionAdded',
    data: { version, digest, bytes, mediaType, width, height, orientation, note, madeWith, contributors },
  };
}

export function setAndUnset({ set = {}, unset = [] }: ChangeMetadata): readonly InputFault[] {
  return unset.flatMap((name, index) =>
    Object.hasOwn(set, name)
      ? [{ steps: ['unset', String(index)], reason: 'a field cannot be set and unset in one change' }]
      : [],
  );
}

/** The event holds only what really differs, so that the history never tells of a change that was none. */
export function changeMetadata(command: ChangeMetadata, state: AssetState, context: Context): Outcome<AssetEvent> {
  const data = difference(command, state);
  if (Object.values(data).every((part) => part === undefined)) return refuse('METADATA_UNCHANGED');
  if (Object.keys(withChange(state.metadata, data.set, data.unset)).length > MAX_FIELDS) {
    return refuse('INVALID_INPUT', `set: an asset has at most ${MAX_FIELDS} metadata fields`, ['set']);
  }
  const changed = { type: 'MetadataChanged', data } as const;
  if (!isMaterial(state.metadata, data.set, data.unset, materialFieldsOf(state))) return { events: [changed] };
  const events = [changed, ...lapse(state, 'materialMetadata')];
  return { events: [...events, ...nextRound(events, 'materialMetadata', state, context)] };
}

function difference(command: ChangeMetadata, state: AssetState): AssetEventNamed<'MetadataChanged'>['data'] {
  const { title, tags, set, unset } = command;
  const changed = Object.entries(set ?? {})
    .map(([name, value]) => [spellings(state.metadata, name)[0] ?? name, value] as const)
    .filter(([name, value]) => !sameValue(fieldOf(state.metadata, name), value));
  const gone = (unset ?? []).flatMap((name) => spellings(state.metadata, name));
  return {
    title: title === state.title ? undefined : title,
    tags: tags === undefined || sameTags(tags, state.tags) ? undefined : tags,
    set: changed.length === 0 ? undefined : Object.fromEntries(changed),
    unset: gone.length === 0 ? undefined : gone,
  };
}

type Lapsed = AssetEventNamed<'ApprovalLapsed'>;

/** A live approval ends in the same outcome as the change that ends it. */
export function lapse(state: AssetState, reason: Lapsed['data']['reason']): readonly Lapsed[] {
  if (state.approval === undefined) return [];
  const { approval, version, digest } = state.approval;
  return [{ type: 'ApprovalLapsed', data: { approval, version, digest, reason } }];
}
