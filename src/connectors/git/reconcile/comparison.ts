import { createHash } from 'node:crypto';
import type { ContentsEntry } from '../../../domain/campaign/parts';
import { type Listing, Listings } from '../../recording/listings';
import type { Spans } from '../../recording/spans';
import { treeCommand, treeOf } from '../history/trees';
import { fileKindOf } from '../kinds';
import type { Run } from '../recorder/prepare';
import type { Release } from '../releases/releases';
import type { Difference } from '../result';
import { digestsOf } from './digests';

/** The tree of a tag according to git. */
interface Tree {
  /** path → blob, for files of an asset kind. */
  readonly files: ReadonlyMap<string, string>;
  readonly links: readonly string[];
}

export interface ComparedReleases {
  readonly differences: readonly Difference[];
  readonly commands: readonly string[];
  /** Number of releases whose contents are in the log. */
  readonly releases: number;
  readonly files: number;
  readonly offRecord: number;
}

/** Compares every release with git, and the number of tags with those that are recorded or left out. */
export async function compareReleases(run: Run, spans: Spans): Promise<ComparedReleases> {
  const { git, intents } = run;
  const { ordered, leftOut } = run.releases;
  const comparison = new Comparison(run, spans);
  await comparison.compareAll();
  const { differences, files, offRecord } = comparison;
  const list = ['for-each-ref', '--format=%(refname)', 'refs/tags'];
  const tags = (await git.text(list)).split('\n').filter((row) => row !== '').length;
  const releases = ordered.filter(({ tag }) => spans.isComplete(intents.campaignId(tag))).length;
  const command = git.shown(list);
  const counted = tags - leftOut.length;
  if (releases !== counted) differences.unshift({ what: 'releases', git: counted, events: releases, command });
  const commands = tags === 0 ? [] : [command, git.shown(treeCommand('refs/tags/<tag>'))];
  return { differences, commands, releases, files, offRecord };
}

/** Maximum number of differences listed per release; the rest are counted. */
const NAMED = 20;

/**
 * Compares every release in the log with git's tree for its tag: its files, their bytes (read and hashed again here),
 * and whether the log has a placement for each. It does not rely on the import state, except to skip releases that an
 * earlier comparison found equal and that have not changed since.
 */
class Comparison {
  readonly differences: Difference[] = [];
  files = 0;
  offRecord = 0;
  private readonly listings: Listings;
  /** Path → blob and digest in the previous tree: most files are the same in the next one. */
  private known: ReadonlyMap<string, readonly [blob: string, digest: string]> = new Map();

  constructor(
    private readonly run: Run,
    private readonly spans: Spans,
  ) {
    this.listings = new Listings(run.store);
  }

  async compareAll(): Promise<void> {
    for (const release of this.run.releases.ordered) await this.compare(release);
  }

  private async compare(release: Release): Promise<void> {
    const { intents, progress } = this.run;
    const campaign = intents.campaignId(release.tag);
    const listing = await this.listings.of(campaign);
    const said = `${release.commit} ${saidBy(listing)}`;
    this.files += listing.files.size;
    for (const { version } of listing.files.values()) if (version === undefined) this.offRecord += 1;
    const found = this.differences.length;
    if (progress.compared.get(release.tag)?.said !== said) {
      const tree = await this.treeOf(release.ref);
      await this.compareFiles(release, listing, tree);
      const [link] = tree.links;
      if (this.differences.length === found) {
        progress.compared.set(release.tag, { said, links: tree.links.length, link });
      }
    }
    this.comparePlacements(release, campaign, listing);
  }

  private async treeOf(ref: string): Promise<Tree> {
    const { git, wanted, progress } = this.run;
    const files = new Map<string, string>();
    const links: string[] = [];
    for (const { mode, path, object } of await treeOf(git, treeCommand(ref))) {
      if (mode === '120000') links.push(path);
      else if (mode === '160000') progress.submodules.add(path);
      else if (mode.startsWith('100') && wanted(path) && fileKindOf(path) !== undefined) files.set(path, object);
    }
    return { files, links };
  }

  private async compareFiles({ tag, ref, onLine }: Release, { files }: Listing, tree: Tree): Promise<void> {
    const command = this.run.git.shown(treeCommand(ref));
    const rows: Difference[] = [];
    const row = (path: string, git: string, events: string) =>
      rows.push({ what: `${tag} ${path}`, git, events, command });
    const before = (path: string, blob: string): string | undefined => {
      const known = this.known.get(path);
      return known?.[0] === blob ? known[1] : undefined;
    };
    const unknown = [...tree.files].filter(([path, blob]) => before(path, blob) === undefined);
    const read = await digestsOf(this.run.git, new Set(unknown.map(([, blob]) => blob)));
    const known = new Map<string, readonly [blob: string, digest: string]>();
    for (const [path, blob] of tree.files) {
      const digest = before(path, blob) ?? read.get(blob)!;
      known.set(path, [blob, digest]);
      const entry = files.get(path);
      if (entry?.digest !== digest) row(path, digest, entry?.digest ?? 'not there');
      else if (onLine && entry.version === undefined) row(path, 'in the first-parent history', 'no version');
    }
    for (const path of files.keys()) if (!tree.files.has(path)) row(path, 'not there', 'there');
    this.known = known;
    this.differences.push(...rows.slice(0, NAMED));
    if (rows.length === 0) return;
    const same = tree.files.size - rows.filter(({ git }) => git !== 'not there').length;
    this.differences.push({ what: `files of ${tag}`, git: tree.files.size, events: same, command });
  }

  /** Each asset in a release has a placement with exactly these bytes, and no asset that is gone still has one. */
  private comparePlacements({ tag, ref }: Release, campaign: string, listing: Listing): void {
    const { spans } = this;
    const { git } = this.run;
    const command = git.shown(treeCommand(ref));
    const inAssets = [...listing.files.values()].filter((file) => file.asset !== undefined);
    const missing = inAssets.filter((file) => !spans.covers(campaign, file as Placed));
    const byAsset = new Map(inAssets.map((file) => [file.asset, file]));
    const isGone = (file: ContentsEntry): boolean => {
      const now = byAsset.get(file.asset);
      return file.asset !== undefined && !(now?.digest === file.digest && now.version === file.version);
    };
    const stale = [...listing.before.values()].filter((file) => isGone(file) && spans.runs(campaign, file as Placed));
    for (const { path } of missing.slice(0, NAMED)) {
      this.differences.push({ what: `placement of ${tag} ${path}`, git: 'there', events: 'not there', command });
    }
    for (const { path } of stale.slice(0, NAMED)) {
      this.differences.push({ what: `placement before ${tag} ${path}`, git: 'over', events: 'running', command });
    }
    if (missing.length === 0 && stale.length === 0) return;
    const events = inAssets.length - missing.length + stale.length;
    this.differences.push({ what: `placements of ${tag}`, git: inAssets.length, events, command });
  }
}

type Placed = ContentsEntry & { readonly asset: string };

function saidBy({ files }: Listing): string {
  const hash = createHash('sha256');
  for (const path of [...files.keys()].sort()) {
    const { digest, asset, version } = files.get(path)!;
    hash.update(`${JSON.stringify([path, digest, asset, version])}\n`);
  }
  return hash.digest('hex');
}
