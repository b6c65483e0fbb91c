import type { MetadataValue, VersionContent } from '../../../domain/asset/parts';
import type { Command } from '../../../domain/deciders';
import { streamOf } from '../../../domain/stream';
import type { Step } from '../../recording/issuer';
import type { FileKind } from '../kinds';
import type { Authorship } from '../people/authorship';
import { clip, tagsOf, titleOf } from '../repository/path';
import type { Content } from './blobcontents';
import { changeSource, fileSource, sourceOf } from './gitsource';
import type { AssetRecord } from './importstate';
import type { Deed, Intents } from './intents';

const LONGEST_NOTE = 200;
const LONGEST_FIELD = 4000;
const MOST_CONTRIBUTORS = 1000;

/** A version about to be recorded: its path, its makers and its content. */
export interface Coming {
  readonly path: string;
  readonly file: FileKind;
  readonly content: Content;
  readonly made: Authorship;
  readonly subject: string;
  /** Index of the commit in the first-parent history. */
  readonly place: number;
}

/** The commands of one asset's life, each as a step that keeps the asset's record up to date. */
export class AssetSteps {
  constructor(private readonly intents: Intents) {}

  register(asset: AssetRecord, coming: Coming): Step[] {
    const { path, file, made, place } = coming;
    const command: Command = {
      type: 'RegisterAsset',
      asset: asset.id,
      kind: file.kind,
      title: titleOf(path),
      tags: tagsOf(path),
      metadata: { path: pathField(path) },
      content: this.versionOf(coming),
    };
    const registered: Step['decided'] = (events) => versionAdded(asset, events, place);
    return [this.step(asset, command, made.deed, path, 'register', registered), ...this.testimonies(asset, path, made)];
  }

  /** Content that returns to an earlier state is no new version; reviews of it then apply to the existing version. */
  version(asset: AssetRecord, coming: Coming): Step[] {
    const { path, made, place } = coming;
    const content = this.versionOf(coming);
    const command: Command = { type: 'AddVersion', asset: asset.id, content };
    const added: Step['decided'] = (events) => versionAdded(asset, events, place);
    const add = this.step(asset, command, made.deed, path, 'version', added);
    const build = () => (asset.digest === content.digest ? undefined : add.build());
    return [{ ...add, build }, ...this.testimonies(asset, path, made)];
  }

  move(asset: AssetRecord, path: string, deed: Deed): Step {
    const set = { path: pathField(path) };
    const command: Command = { type: 'ChangeMetadata', asset: asset.id, title: titleOf(path), tags: tagsOf(path), set };
    return this.step(asset, command, deed, path, 'move');
  }

  retire(asset: AssetRecord, path: string, deed: Deed, place: number): Step {
    const command: Command = { type: 'RetireAsset', asset: asset.id };
    const source = changeSource(deed.commit, path);
    const step = this.stepOn(asset.id, command, deed, path, 'retire', source);
    return { ...step, decided: () => mark(asset, place, 0) };
  }

  restore(asset: AssetRecord, path: string, deed: Deed, place: number): Step {
    const command: Command = { type: 'RestoreAsset', asset: asset.id };
    return this.step(asset, command, deed, path, 'restore', () => mark(asset, place, asset.versions));
  }

  alias(asset: string, path: string, deed: Deed): Step {
    return this.stepOn(asset, { type: 'ObserveAlias', asset, path }, deed, path, `alias\n${asset}`);
  }

  aliasEnd(asset: string, path: string, deed: Deed): Step {
    const command: Command = { type: 'ObserveAliasEnd', asset, path };
    return this.stepOn(asset, command, deed, path, `aliasEnd\n${asset}`, changeSource(deed.commit, path));
  }

  private testimonies(asset: AssetRecord, path: string, made: Authorship): Step[] {
    const { repository } = this.intents;
    return made.testimonies.map(({ who, role, automated, at, commit, evidence }) => {
      const deed = { who, at, commit: made.deed.commit };
      const act = `attest\n${commit}\n${role}\n${this.intents.actorId(who, at)}`;
      const same = this.intents.sameAs(who, [made.deed.who, ...made.contributors]);
      const said = {
        decision: 'approve',
        role,
        automated,
        evidence: { ...evidence, source: repository },
        ...(same.length === 0 ? {} : { samePersonAs: same }),
      } as const;
      // The version number is known only when the command that adds it is decided.
      const build = () => {
        const command: Command = { type: 'AttestDecision', asset: asset.id, version: asset.versions, ...said };
        return this.intents.of(command, deed, path, act, sourceOf(commit));
      };
      return { stream: streamOf('asset', asset.id), build };
    });
  }

  private versionOf({ file, content, made, subject }: Coming): VersionContent {
    const note = clip(subject.trim(), LONGEST_NOTE).trim();
    const author = this.intents.actorId(made.deed.who, made.deed.at);
    const others = new Set(made.contributors.map((who) => this.intents.actorId(who, made.deed.at)));
    others.delete(author);
    const contributors = [...others].slice(0, MOST_CONTRIBUTORS);
    const drawn = file.kind === 'image' || file.kind === 'design' ? content.dimensions : undefined;
    return {
      digest: content.digest,
      bytes: content.bytes,
      mediaType: file.mediaType,
      ...drawn,
      ...(note === '' ? {} : { note }),
      madeWith: { tool: file.tool ?? 'git', ai: 'none' },
      ...(contributors.length === 0 ? {} : { contributors }),
    };
  }

  private step(
    asset: AssetRecord,
    command: Command,
    deed: Deed,
    path: string,
    act: string,
    decided?: Step['decided'],
  ): Step {
    const step = this.stepOn(asset.id, command, deed, path, act);
    return decided === undefined ? step : { ...step, decided };
  }

  private stepOn(
    asset: string,
    command: Command,
    deed: Deed,
    path: string,
    act: string,
    source = fileSource(deed.commit, path),
  ): Step {
    return { stream: streamOf('asset', asset), build: () => this.intents.of(command, deed, path, act, source) };
  }
}

function pathField(path: string): MetadataValue {
  return { type: 'text', value: clip(path, LONGEST_FIELD), material: false };
}

function versionAdded(asset: AssetRecord, events: Parameters<NonNullable<Step['decided']>>[0], place: number): void {
  const added = events.find(({ type }) => type === 'VersionAdded');
  if (added === undefined) return;
  const { version, digest } = added.data as { version: number; digest: string };
  asset.versions = version;
  asset.digest = digest;
  mark(asset, place, version);
}

/** Notes the commit index from which the asset had this version; a later entry for the same index replaces it. */
function mark(asset: AssetRecord, place: number, version: number): void {
  if (asset.marks.at(-1)?.[0] === place) asset.marks.pop();
  asset.marks.push([place, version]);
}
