import type { Ident } from '../../connectors/git/ident';
import type { Git } from '../../connectors/git/run';
import { forkPoints, isReleaseName, TAG_ARGS, type Tag, tagsIn } from '../../connectors/git/tags';
import type { Command } from '../../domain/catalogue';
import type { Intents } from './intents';
import type { Issuer, Step } from './issuer';
import { refuseDate } from './preflight';
import type { AssetRecord, Progress } from './state';

/** A release of the repository, with the place on the line of record it was cut from. */
export interface Release {
  readonly tag: string;
  readonly commit: string;
  readonly place: number;
  readonly who: Ident;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface Releases {
  /** In the order in which they are recorded: along the line, then by time, then by name. */
  readonly releases: readonly Release[];
  /** Tags that name no release, or whose history never met the line. */
  readonly others: readonly string[];
}

/** Reads the tags. A release cut from a side branch counts from where that branch left the line of record. */
export async function readReleases(git: Git, line: ReadonlyMap<string, number>, now: number): Promise<Releases> {
  const tags = tagsIn((await git.bytes(TAG_ARGS)).toString('utf8'));
  const named = tags.filter((tag) => isReleaseName(tag.name));
  const places = await forkPoints(git, named, line);
  const authors = await authorsOf(git, named);
  const releases = named.flatMap((tag): Release[] => {
    const place = places.get(tag.name);
    const author = authors.get(tag.commit);
    if (place === undefined || author === undefined) return [];
    const at = tag.taggedAt ?? author.at;
    refuseDate(`tag ${tag.name} has a date`, String(at), Math.floor(now / 1000) + 300);
    return [{ tag: tag.name, commit: tag.commit, place, who: tag.tagger ?? author.who, at }];
  });
  const known = new Set(releases.map(({ tag }) => tag));
  const others = tags.map(({ name }) => name).filter((name) => !known.has(name));
  return { releases: releases.sort(byPlace), others };
}

function byPlace(a: Release, b: Release): number {
  return a.place - b.place || a.at - b.at || (a.tag < b.tag ? -1 : 1);
}

async function authorsOf(git: Git, tags: readonly Tag[]): Promise<ReadonlyMap<string, { who: Ident; at: number }>> {
  if (tags.length === 0) return new Map();
  const commits = [...new Set(tags.map(({ commit }) => commit))];
  const text = await git.text(
    ['log', '--no-walk', '-z', '--format=%H%n%an%n%ae%n%at', '--stdin'],
    `${commits.join('\n')}\n`,
  );
  const rows = text.split('\0').filter((row) => row !== '');
  return new Map(
    rows.map((row) => {
      const [hash = '', name = '', email = '', at = ''] = row.split('\n');
      return [hash, { who: { name, email }, at: Number.parseInt(at, 10) }];
    }),
  );
}

/**
 * Records releases as campaigns and what they ship as placements. A placement starts with the release that first
 * ships a version and ends with the one that ships another or none. Campaigns stay open: git does not say when a
 * release is withdrawn, and nothing is invented.
 */
export class ReleaseRecorder {
  constructor(
    private readonly progress: Progress,
    private readonly intents: Intents,
    private readonly issuer: Issuer,
  ) {}

  async record(release: Release): Promise<void> {
    const { releases, assets } = this.progress;
    if (releases.has(release.tag)) return;
    const late = [...releases.values()].some(
      (done) => done.place > release.place || (done.place === release.place && done.at > release.at),
    );
    await this.issuer.issueAll([this.campaign(release)]);
    if (!late) {
      const all = [...assets.values()];
      for (const asset of all) await this.end(asset, release);
      for (const asset of all) await this.start(asset, release);
    }
    // The next release looks at what this one placed.
    await this.issuer.drain();
    releases.set(release.tag, { place: release.place, at: release.at, late });
  }

  private campaign(release: Release): readonly Step[] {
    const campaign = this.intents.campaignId(release.tag);
    const startsOn = new Date(release.at * 1000).toISOString().slice(0, 10);
    return [
      this.step(`campaign-${campaign}`, release, { type: 'PlanCampaign', campaign, name: release.tag, startsOn }),
      this.step(`campaign-${campaign}`, release, { type: 'LaunchCampaign', campaign }),
    ];
  }

  private async end(asset: AssetRecord, release: Release): Promise<void> {
    const shipped = this.progress.shipped.get(asset.id);
    if (shipped === undefined || shipped.version === versionAt(asset, release.place)) return;
    this.progress.shipped.delete(asset.id);
    const { placement } = shipped;
    const command: Command = {
      type: 'ObservePlacementEnd',
      asset: asset.id,
      placement,
      evidence: this.evidence(release),
    };
    await this.issuer.issue(this.step(`asset-${asset.id}`, release, command));
  }

  private async start(asset: AssetRecord, release: Release): Promise<void> {
    const version = versionAt(asset, release.place);
    if (version === 0 || this.progress.shipped.has(asset.id)) return;
    const campaign = this.intents.campaignId(release.tag);
    const evidence = this.evidence(release);
    const command: Command = {
      type: 'ObservePlacement',
      asset: asset.id,
      campaign,
      version,
      channel: 'release',
      evidence,
    };
    await this.issuer.issue({
      ...this.step(`asset-${asset.id}`, release, command),
      decided: (events) => {
        const seen = events.find(({ type }) => type === 'PlacementObserved');
        if (seen === undefined) return;
        const { placement } = seen.data as { placement: string };
        this.progress.shipped.set(asset.id, { placement, version });
      },
    });
  }

  private evidence({ tag, commit }: Release) {
    return { kind: 'tag', repository: this.intents.repository, commit, tag } as const;
  }

  private step(stream: string, release: Release, command: Command): Step {
    const deed = { who: release.who, at: release.at, commit: release.commit };
    return { stream, build: () => this.intents.of(command, deed, `${release.tag}\n${stream}`, command.type) };
  }
}

/** The version an asset stood in at a place of the line; 0 where it was not there. */
function versionAt(asset: AssetRecord, place: number): number {
  return asset.marks.findLast(([from]) => from <= place)?.[1] ?? 0;
}
