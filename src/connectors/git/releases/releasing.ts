import { createHash } from 'node:crypto';
import type { ContentsEntry } from '../../../domain/campaign/parts';
import type { Command } from '../../../domain/deciders';
import { streamOf } from '../../../domain/stream';
import type { Step } from '../../recording/issuer';
import { Listings } from '../../recording/listings';
import { reportsOf } from '../../recording/reports';
import { Arrivals } from '../history/arrivals';
import { type TreeEntry, treeCommand, treeOf } from '../history/trees';
import { fileKindOf } from '../kinds';
import type { Contents } from '../recorder/blobcontents';
import { fileSource, releaseEvidence, sourceOf } from '../recorder/gitsource';
import type { Run } from '../recorder/prepare';
import { assetAt, versionAt } from '../recorder/whereabouts';
import { baseOf, type Due, type Release } from './releases';
import { type Running } from './shipping';

/** The content of an asset, as far as it is known. */
interface Content {
  /** Undefined if no asset of the first-parent history had the path. */
  readonly asset?: string | undefined;
  /**
   * Known if the tree shows the same content as the first-parent history; otherwise the log knows whether the bytes are
   * a version.
   */
  readonly version?: number | undefined;
  readonly digest: string;
}

/** A file of a release's tree, and the asset it is in the first-parent history. */
type Shown = Content & { readonly path: string; readonly bytes: number };

/** A blob that was read. */
interface Blob {
  readonly object: string;
  readonly digest: string;
  readonly bytes: number;
}

/** Number of blobs requested at once. */
const AT_ONCE = 500;

/**
 * Records releases as campaigns: the contents of their trees, file by file, and placements of the assets in them. A
 * placement starts with the first release that contains a version (or bytes that are no version) and ends with the next
 * release on the same branch without it. Campaigns stay open: git does not say when a release is withdrawn, and nothing
 * is invented.
 *
 * What is already recorded of a release is found in the log, so that an interrupted run resumes, and late or moved tags
 * are picked up.
 */
export class ReleaseRecorder {
  /** Digests of the previous tree: the next one mostly holds the same files. */
  private last = new Map<string, Blob>();
  private arrivals: Arrivals | undefined;
  /** Tags that marked another commit before. */
  readonly moved: { readonly tag: string; readonly from: string; readonly to: string }[] = [];

  private readonly listings: Listings;

  constructor(
    private readonly run: Run,
    private readonly contents: Contents,
  ) {
    this.listings = new Listings(run.store);
  }

  /**
   * Records releases. A release whose bytes appear in the first-parent history only later waits for those commits, so
   * that the bytes are known by the version they become.
   */
  async recordAll(releases: readonly Release[], due: Due): Promise<void> {
    for (const release of releases) {
      // The decisions below depend on what is written, including by a concurrent import, so first wait for pending
      // commands.
      await this.run.issuer.drain();
      await this.run.shipping.catchUp(this.run.store);
      const place = await this.record(release);
      if (place !== undefined) due.at(place, release);
    }
  }

  /** Returns the commit index that the release must wait for, if any. */
  private async record(release: Release): Promise<number | undefined> {
    const { issuer, shipping, progress, releases } = this.run;
    const { listings } = this;
    const campaign = this.campaignOf(release);
    const recorded = shipping.commitOf(campaign);
    if (recorded === release.commit) {
      issuer.reread();
      return undefined;
    }
    const files = await this.filesOf(release);
    const place = release.onLine ? -1 : await this.awaited(files, release);
    if (place >= progress.place) return place;
    if (recorded !== undefined) this.moved.push({ tag: release.tag, from: recorded, to: release.commit });
    // A moved tag keeps its campaign.
    else await issuer.issueAll([this.opening(release)]);
    const shown = await this.shown(files, release);
    const base = baseOf(release, releases.ordered, (other) => shipping.isRecorded(this.campaignOf(other)));
    const own = await listings.of(campaign);
    const before = own.reports > 0 || base === undefined ? own : await listings.of(this.campaignOf(base));
    await this.end(before.files.values(), shown, release, release);
    await this.start(shown, release);
    await issuer.drain();
    // Versions are read from the placements, so before any of these ends.
    const entries = this.entriesOf(shown);
    await this.supersede(shown, release);
    const evidence = releaseEvidence(this.run.intents.repository, release);
    const named = before === own ? undefined : this.campaignOf(base!);
    if (own.commit === release.commit) return undefined;
    const reports = reportsOf(before.files, entries, { base: named, evidence });
    const steps = reports.map((change, index): Step => {
      const command: Command = { type: 'ObserveContents', campaign, ...change };
      const said = createHash('sha256').update(JSON.stringify(change)).digest('hex');
      return this.step(
        streamOf('campaign', campaign),
        release,
        command,
        `${command.type}\n${own.reports + index}\n${said}`,
      );
    });
    await issuer.issueAll([steps]);
    await issuer.drain();
    return undefined;
  }

  private campaignOf({ tag }: Release): string {
    return this.run.intents.campaignId(tag);
  }

  private opening(release: Release): readonly Step[] {
    const campaign = this.campaignOf(release);
    const startsOn = new Date(release.at * 1000).toISOString().slice(0, 10);
    const stream = streamOf('campaign', campaign);
    return [
      this.step(stream, release, { type: 'PlanCampaign', campaign, name: release.tag, startsOn }),
      this.step(stream, release, { type: 'LaunchCampaign', campaign }),
    ];
  }

  /** The files of the tree that are of an asset kind, ordered by path. */
  private async filesOf(release: Release): Promise<readonly TreeEntry[]> {
    const tree = await treeOf(this.run.git, treeCommand(release.commit));
    const files = tree.filter(({ mode, path }) => mode.startsWith('100') && this.isAsset(path));
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private isAsset(path: string): boolean {
    return this.run.wanted(path) && fileKindOf(path) !== undefined;
  }

  /** The last commit index at which the first-parent history starts to show the content of one of these files. */
  private async awaited(files: readonly TreeEntry[], release: Release): Promise<number> {
    const { git, line } = this.run;
    this.arrivals ??= await Arrivals.of(git, line.tip, (path) => this.isAsset(path));
    let last = release.place;
    for (const { object } of files) last = Math.max(last, this.arrivals.of(object) ?? -1);
    return last;
  }

  private async shown(files: readonly TreeEntry[], release: Release): Promise<readonly Shown[]> {
    const taken = new Set<string>();
    const known = new Map<string, Blob>();
    const shown: Shown[] = [];
    const blobOf = async ({ path, object }: TreeEntry): Promise<Blob> => {
      const last = this.last.get(path);
      return last?.object === object ? last : { object, ...(await this.contents.of(object)) };
    };
    for (let at = 0; at < files.length; at += AT_ONCE) {
      const some = files.slice(at, at + AT_ONCE);
      const blobs = await Promise.all(some.map(blobOf));
      for (const [index, { path }] of some.entries()) {
        const { object, digest, bytes } = blobs[index]!;
        known.set(path, { object, digest, bytes });
        shown.push({ path, digest, bytes, ...this.onRecord(path, digest, release, taken) });
      }
    }
    this.last = known;
    return shown;
  }

  private onRecord(
    path: string,
    digest: string,
    release: Release,
    taken: Set<string>,
  ): Pick<Content, 'asset' | 'version'> {
    const { progress } = this.run;
    // What a release branch had first may have reached the first-parent history since.
    const asset = assetAt(progress, path, release.place) ?? assetAt(progress, path, progress.place);
    // An asset occurs in a release once: a second path that used to be its own counts as a separate file.
    if (asset === undefined || taken.has(asset.id)) return { asset: undefined, version: undefined };
    taken.add(asset.id);
    const stood = versionAt(asset, release.place);
    const isVersion = stood > 0 && (release.onLine || (stood === asset.versions && digest === asset.digest));
    return { asset: asset.id, version: isVersion ? stood : undefined };
  }

  /** Ends the placements of these files that are not in the other tree. */
  private async end(files: Iterable<Content>, others: Iterable<Content>, release: Release, by: Release): Promise<void> {
    const { issuer, shipping, intents } = this.run;
    const kept = new Map<string, Content>();
    for (const other of others) if (other.asset !== undefined) kept.set(other.asset, other);
    for (const { asset, digest, version } of files) {
      if (asset === undefined) continue;
      const stays = kept.get(asset);
      const live = shipping.running(asset).find((one) => isOf(one, { digest, version }));
      if (live === undefined || (stays !== undefined && isOf(live, stays))) continue;
      const evidence = releaseEvidence(intents.repository, by);
      const { placement } = live;
      const command: Command = { type: 'ObservePlacementEnd', asset, placement, evidence };
      await issuer.issue(
        this.step(streamOf('asset', asset), by, command, `${command.type}\n${release.tag}\n${placement}`),
      );
    }
    await issuer.drain();
  }

  private async start(shown: readonly Shown[], release: Release): Promise<void> {
    const { issuer, shipping, intents } = this.run;
    const campaign = this.campaignOf(release);
    const evidence = releaseEvidence(intents.repository, release);
    for (const { path, asset, version, digest } of shown) {
      if (asset === undefined || shipping.running(asset).some((one) => isOf(one, { version, digest }))) continue;
      const content = version === undefined ? { digest } : { version };
      const where = { campaign, path, channel: 'release', evidence } as const;
      const command: Command = { type: 'ObservePlacement', asset, ...content, ...where };
      const source = fileSource(release.commit, path);
      await issuer.issue(this.step(streamOf('asset', asset), release, command, `${command.type}\n${digest}`, source));
    }
  }

  /** The tag was added after the next release was recorded: placements it started ended with that one. */
  private async supersede(shown: readonly Shown[], release: Release): Promise<void> {
    const { shipping, releases } = this.run;
    const { ordered } = releases;
    const isRecorded = (other: Release): boolean => shipping.isRecorded(this.campaignOf(other));
    const withThis = (other: Release): boolean => other === release || isRecorded(other);
    const next = ordered.find(
      (other) =>
        other !== release &&
        other.at >= release.at &&
        isRecorded(other) &&
        baseOf(other, ordered, withThis) === release,
    );
    if (next === undefined) return;
    const { files } = await this.listings.of(this.campaignOf(next));
    const campaign = this.campaignOf(release);
    const started = shown.filter(({ asset = '', ...content }) =>
      shipping.running(asset).some((one) => one.campaign === campaign && isOf(one, content)),
    );
    await this.end(started, files.values(), release, next);
  }

  /** Adds the version under which the log knows the bytes. */
  private entriesOf(shown: readonly Shown[]): readonly ContentsEntry[] {
    const { shipping } = this.run;
    return shown.map(({ path, digest, bytes, asset, version: stood }) => {
      if (asset === undefined) return { path, digest, bytes };
      const version = stood ?? shipping.running(asset).find((one) => one.digest === digest)?.version;
      return { path, digest, bytes, asset, ...(version === undefined ? {} : { version }) };
    });
  }

  private step(
    stream: string,
    release: Release,
    command: Command,
    act: string = command.type,
    source = sourceOf(release.ref),
  ): Step {
    const deed = { who: release.who, at: release.at, commit: release.commit };
    return {
      stream,
      build: () => this.run.intents.of(command, deed, `${release.tag}\n${stream}`, act, source),
      decided: (events) => {
        for (const event of events) this.run.shipping.take(stream, event);
      },
    };
  }
}

/** Whether a placement is of this content: by version if known, otherwise by digest. */
function isOf(live: Running, { version, digest }: Omit<Content, 'asset'>): boolean {
  return version === undefined ? live.digest === digest : live.version === version;
}
