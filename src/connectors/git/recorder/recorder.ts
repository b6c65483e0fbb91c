import type { Step } from '../../recording/issuer';
import type { Commit, FileChange } from '../history/gitlog';
import { Links } from '../history/links';
import type { MergeContent } from '../history/merges';
import { type FileKind, fileKindOf } from '../kinds';
import { type Authorship, approvesOn, authorshipOf } from '../people/authorship';
import { AssetSteps, type Coming } from './assetsteps';
import type { Contents } from './blobcontents';
import type { AssetRecord } from './importstate';
import type { Run } from './prepare';

const LINK = '120000';
const SUBMODULE = '160000';
/** Number of changes of one commit that are turned into commands at once: a commit may hold a hundred thousand. */
const SLICE = 1_000;

/** A change as far as it concerns assets: the path that was an asset before, and the path that is one after. */
interface Turn {
  readonly change: FileChange;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Turns the commits of the first-parent history, one after the other, into commands. */
export class Recorder {
  readonly links: Links;
  private readonly steps: AssetSteps;

  constructor(
    private readonly run: Pick<Run, 'progress' | 'intents' | 'issuer' | 'wanted' | 'line'>,
    private readonly contents: Contents,
  ) {
    this.links = new Links(run.progress.links);
    this.steps = new AssetSteps(run.intents);
  }

  /** Starts reading what a change will need. */
  readonly begin = (change: FileChange): void => {
    if (change.newMode === LINK) void this.contents.target(change.newBlob);
    else if (this.fileAt(change.path, change.newMode) !== undefined) void this.contents.of(change.newBlob);
  };

  /** Sends the commands of one commit; when it resolves, the last of them may still be in flight. */
  async record(commit: Commit, merge: MergeContent | undefined): Promise<void> {
    this.run.intents.identities.place = this.run.progress.place;
    const approves = approvesOn(this.run.line.branch, commit);
    const turns = commit.changes.map((change) => this.turnOf(change));
    const leaving = turns.map((turn) => this.leave(turn));
    for (let start = 0; start < turns.length; start += SLICE) {
      for (const change of commit.changes.slice(start + SLICE, start + 2 * SLICE)) this.begin(change);
      const steps: Step[] = [];
      for (const [index, turn] of turns.slice(start, start + SLICE).entries()) {
        const made = authorshipOf(commit, turn.change.path, newBlobOf(turn.change), merge, approves);
        steps.push(...(await this.take(turn, leaving[start + index], made, commit)));
      }
      await this.run.issuer.issueAll(scriptsOf(steps));
    }
    await this.takeLinks(commit);
    await this.run.issuer.issueAll(scriptsOf(this.aliases(commit, merge)));
    this.run.progress.last = commit.hash;
    this.run.progress.place += 1;
  }

  /** Links at the current commit that lead to no asset. */
  lostLinks(): readonly string[] {
    const lost = this.links.entries().filter(([path]) => this.run.wanted(path) && !this.run.progress.aliases.has(path));
    return lost.map(([path, target]) => `${path} -> ${target}`);
  }

  private fileAt(path: string, mode: string): FileKind | undefined {
    return mode.startsWith('100') && this.run.wanted(path) ? fileKindOf(path) : undefined;
  }

  private turnOf(change: FileChange): Turn {
    const { status, oldMode, newMode, path } = change;
    // A copy leaves its source in place and creates a new asset.
    const from = status === 'C' || status === 'A' ? undefined : (change.from ?? path);
    const before = from !== undefined && this.fileAt(from, oldMode) !== undefined ? from : undefined;
    const after = status !== 'D' && this.fileAt(path, newMode) !== undefined ? path : undefined;
    if (change.escaped) this.run.progress.escaped.add(path);
    if (newMode === SUBMODULE) this.run.progress.submodules.add(path);
    return { change, before, after };
  }

  /** All old paths are vacated before any new path is taken. */
  private leave({ before, after }: Turn): AssetRecord | undefined {
    const { place, live, gone, past, assets } = this.run.progress;
    const id = before === undefined ? undefined : live.get(before);
    if (before === undefined || id === undefined) return undefined;
    if (before !== after) {
      live.delete(before);
      this.links.changed(before);
    }
    if (after === undefined) gone.set(before, id);
    const asset = assets.get(id);
    if (asset !== undefined && before !== after) {
      const stay = [asset.since, place, id, after === undefined] as const;
      past.set(before, [...(past.get(before) ?? []), stay]);
    }
    return asset;
  }

  private async take(
    { change, after }: Turn,
    leaving: AssetRecord | undefined,
    made: Authorship,
    commit: Commit,
  ): Promise<readonly Step[]> {
    const { place, live, gone, assets } = this.run.progress;
    if (after === undefined)
      return leaving === undefined ? [] : [this.steps.retire(leaving, change.path, made.deed, place)];
    const moved = leaving !== undefined && change.status === 'R';
    const returning = leaving === undefined ? assets.get(gone.get(after) ?? '') : undefined;
    const file = fileKindOf(after)!;
    const id = this.run.intents.assetId(commit.hash, after);
    const asset = leaving ?? returning ?? { id, kind: file.kind, versions: 0, digest: '', marks: [], since: place };
    if (leaving === undefined || moved) {
      asset.since = place;
      this.links.changed(after);
    }
    assets.set(asset.id, asset);
    live.set(after, asset.id);
    gone.delete(after);
    const before = moved ? [this.steps.move(asset, after, made.deed)] : [];
    if (leaving !== undefined && change.oldBlob === change.newBlob) return before;
    const content = await this.contents.of(change.newBlob);
    if (content.pointer) this.run.progress.pointers.add(content.digest);
    const coming: Coming = { path: after, file, content, made, subject: commit.subject, place };
    if (leaving === undefined && returning === undefined) return this.steps.register(asset, coming);
    if (returning !== undefined) before.push(this.steps.restore(asset, after, made.deed, place));
    return [...before, ...this.steps.version(asset, coming)];
  }

  private async takeLinks(commit: Commit): Promise<void> {
    for (const { status, oldMode, path, from } of commit.changes) {
      if (oldMode === LINK && status !== 'C') this.links.delete(from ?? path);
    }
    for (const { newMode, newBlob, path } of commit.changes) {
      if (newMode === LINK) this.links.set(path, await this.contents.target(newBlob));
    }
  }

  /** Links whose target changed: the old asset loses an alias, the new one gains it. */
  private aliases(commit: Commit, merge: MergeContent | undefined): readonly Step[] {
    const { live, aliases } = this.run.progress;
    const steps: Step[] = [];
    for (const path of this.links.takeStale()) {
      const lead = this.links.lead(path, (at) => live.has(at));
      const now = this.links.has(path) && this.run.wanted(path) && 'path' in lead ? live.get(lead.path) : undefined;
      const before = aliases.get(path);
      if (now === before) continue;
      const { deed } = authorshipOf(commit, path, '', merge, false);
      if (before !== undefined) steps.push(this.steps.aliasEnd(before, path, deed));
      if (now !== undefined) steps.push(this.steps.alias(now, path, deed));
      if (now === undefined) aliases.delete(path);
      else aliases.set(path, now);
    }
    return steps;
  }
}

/** The steps grouped by stream, in order. */
function scriptsOf(steps: readonly Step[]): Iterable<readonly Step[]> {
  const scripts = new Map<string, Step[]>();
  for (const step of steps) {
    const script = scripts.get(step.stream);
    if (script === undefined) scripts.set(step.stream, [step]);
    else script.push(step);
  }
  return scripts.values();
}

function newBlobOf({ status, newBlob }: FileChange): string {
  return status === 'D' ? '' : newBlob;
}
