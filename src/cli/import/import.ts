import { join, resolve } from 'node:path';
import picomatch from 'picomatch';
import { BlobMissing } from '../../connectors/git/blobs';
import { commitsIn, lineArgs } from '../../connectors/git/log';
import type { MergeContent } from '../../connectors/git/merges';
import { type Git, GitFailed, gitOf } from '../../connectors/git/run';
import { FaultFound, NotAvailable, UsageError } from '../exit';
import { Contents, readAhead } from './contents';
import { Intents, repositoryId } from './intents';
import { Issuer } from './issuer';
import { readMerged } from './merged';
import { type Line, preflight } from './preflight';
import { reconcile } from './reconcile';
import { Recorder } from './recorder';
import { type Release, ReleaseRecorder, type Releases, readReleases } from './releases';
import type { Difference, ImportOptions, ImportProgress, ImportResult } from './result';
import { freshProgress, loadProgress, type Progress, saveProgress } from './state';

/** How often the state is written down. Milliseconds. */
const CHECKPOINT_EVERY = 3000;
const NAMED = 20;

/** Everything a run has found out before it writes. */
interface Run {
  readonly options: ImportOptions;
  readonly git: Git;
  readonly line: Line;
  readonly places: ReadonlyMap<string, number>;
  readonly wanted: (path: string) => boolean;
  readonly intents: Intents;
  readonly issuer: Issuer;
  readonly progress: Progress;
  readonly stateFile: string;
  readonly releases: Releases;
  readonly merged: ReadonlyMap<string, MergeContent>;
  readonly report: (phase: ImportProgress['phase']) => void;
}

/**
 * Records the history of a local clone. Idempotent: what is recorded is not recorded again, so a later run adds the
 * new commits and a killed run goes on where it was.
 *
 * Throws UsageError (nothing was written), NotAvailable (git, disk or store), FaultFound (the repository is damaged)
 * or Interrupted (what was done is kept).
 */
export async function importGit(options: ImportOptions): Promise<ImportResult> {
  const clock = options.clock ?? Date.now;
  const started = clock();
  const git = gitOf(resolve(options.path), options.environment);
  try {
    const run = await prepare(options, git, clock);
    const recorder = await record(run, clock);
    run.report('reconciling');
    return await conclude(run, recorder, (clock() - started) / 1000);
  } catch (error) {
    throw named(error);
  } finally {
    await options.people.flush();
  }
}

async function prepare(options: ImportOptions, git: Git, clock: () => number): Promise<Run> {
  const { branch, allowShallow = false, people, workspace, signal } = options;
  const wanted = wantedBy(options.include ?? [], options.exclude ?? []);
  const line = await preflight(git, { branch, allowShallow, now: clock() });
  const places = new Map(line.commits.map((hash, place) => [hash, place]));
  const repository = repositoryId(line.commits[0]!);
  const stateFile = join(options.dataDir, 'import', `${repository}.json`);
  const progress = stateOf(stateFile, repository, options, places, line);
  const releases = await readReleases(git, places, clock());
  const rest = line.commits.slice(progress.place);
  const range = progress.last === '' ? line.tip : `${progress.last}..${line.tip}`;
  const merged = line.hasMerges && rest.length > 0 ? await readMerged(git, range, rest, wanted) : new Map();
  const issuer = new Issuer(options.store, clock, signal);
  const intents = new Intents(repository, workspace, people);
  const report: Run['report'] = (phase) =>
    options.onProgress?.({ phase, done: progress.place, total: line.commits.length, events: issuer.written });
  return { options, git, line, places, wanted, intents, issuer, progress, stateFile, releases, merged, report };
}

function stateOf(
  file: string,
  repository: string,
  options: ImportOptions,
  places: ReadonlyMap<string, number>,
  line: Line,
): Progress {
  const filters = JSON.stringify([options.include ?? [], options.exclude ?? []]);
  const progress = loadProgress(file) ?? freshProgress(repository, filters);
  if (progress.filters !== filters) {
    throw new UsageError(
      `this repository was imported with other --include and --exclude patterns (${progress.filters}); use the same`,
    );
  }
  if (progress.last !== '' && !places.has(progress.last)) {
    throw new UsageError(
      `commit ${progress.last}, the last one imported, is not on the first-parent line of ${line.branch}: ` +
        'its history was rewritten, or another branch was imported before. Import into another data directory',
    );
  }
  return progress;
}

/** One glob of several, and no excluding one; without an including glob everything is wanted. */
function wantedBy(include: readonly string[], exclude: readonly string[]): (path: string) => boolean {
  const included = include.length === 0 ? () => true : picomatch([...include], { dot: true });
  const excluded = exclude.length === 0 ? () => false : picomatch([...exclude], { dot: true });
  return (path) => included(path) && !excluded(path);
}

async function record(run: Run, clock: () => number): Promise<Recorder> {
  const { options, git, line, progress, issuer, intents } = run;
  const contents = new Contents(git, options.content ? join(options.dataDir, 'content', 'sha256') : undefined);
  const recorder = new Recorder(progress, intents, issuer, contents, run.wanted);
  const releaser = new ReleaseRecorder(progress, intents, issuer);
  const due = byPlace(run.releases.releases);
  const save = async () => {
    await issuer.drain();
    await options.people.flush();
    progress.links = recorder.links.entries();
    saveProgress(run.stateFile, progress);
  };
  run.report('importing');
  try {
    // Tags that came after their commits were imported.
    for (let place = 0; place < progress.place; place += 1)
      for (const release of due.get(place) ?? []) await releaser.record(release);
    let saved = clock();
    if (progress.place < line.commits.length) {
      const range = progress.last === '' ? line.tip : `${progress.last}..${line.tip}`;
      const running = git.run(lineArgs(range), options.signal);
      running.ended.catch(() => {});
      for await (const commit of readAhead(commitsIn(running.output), recorder.begin)) {
        await recorder.record(commit, run.merged.get(commit.hash));
        const here = due.get(progress.place - 1) ?? [];
        if (here.length > 0) await issuer.drain();
        for (const release of here) await releaser.record(release);
        run.report('importing');
        if (clock() - saved < CHECKPOINT_EVERY) continue;
        await save();
        saved = clock();
      }
      await running.ended;
    }
    await save();
  } finally {
    await issuer.settle();
    await contents.close();
  }
  return recorder;
}

function byPlace(releases: readonly Release[]): ReadonlyMap<number, readonly Release[]> {
  const due = new Map<number, Release[]>();
  for (const release of releases) due.set(release.place, [...(due.get(release.place) ?? []), release]);
  return due;
}

async function conclude(run: Run, recorder: Recorder, seconds: number): Promise<ImportResult> {
  const { git, line, intents, progress, issuer, releases } = run;
  const campaigns = new Set([...progress.releases.keys()].map((tag) => intents.campaignId(tag)));
  const merges = await git.text(['rev-list', '--first-parent', '--merges', line.tip]);
  const merge = new Set(merges.split('\n'));
  const { log, differences, commands } = await reconcile({
    git,
    tip: line.tip,
    line: new Map(line.commits.map((hash) => [hash, { merge: merge.has(hash) }])),
    intents,
    wanted: run.wanted,
    store: run.options.store,
    mine: (stream) => progress.assets.has(stream.slice(6)) || campaigns.has(stream.slice(9)),
    links: recorder.links.entries().length,
  });
  const all = [...refusals(issuer), ...differences];
  const times = (type: string) => log.types.get(type) ?? 0;
  const lost = recorder.lostLinks();
  return {
    events: issuer.written,
    assets: times('AssetRegistered'),
    versions: times('VersionAdded'),
    renames: log.renames,
    deletions: times('AssetRetired'),
    aliases: times('AliasObserved'),
    authors: log.makers,
    trailers: Object.fromEntries([...log.counts.trailers].sort()),
    tags: times('CampaignPlanned'),
    seconds: Math.round(seconds * 100) / 100,
    reconciled: all.length === 0,
    differences: all,
    commands,
    repository: progress.repository,
    commits: progress.place,
    placements: times('PlacementObserved'),
    attested: times('DecisionAttested'),
    pointers: progress.pointers.size,
    escapedPaths: progress.escaped.size,
    leftOut: {
      links: { count: lost.length, examples: lost.slice(0, NAMED) },
      submodules: [...progress.submodules].sort(),
      tags: { count: releases.others.length, examples: releases.others.slice(0, NAMED) },
      lateReleases: [...progress.releases].filter(([, { late }]) => late).map(([tag]) => tag),
    },
  };
}

/** A command nobody should have refused: somebody else changed the asset meanwhile, or the import is wrong. */
function refusals(issuer: Issuer): readonly Difference[] {
  return issuer.refused.map(({ intent, code, message }) => ({
    what: `${intent.command.type} of commit ${intent.correlationId}`,
    git: 'reported',
    events: `refused, ${code}: ${message}`,
    command: `git show --raw ${intent.correlationId}`,
  }));
}

/** What went wrong in the words of the command line. */
function named(error: unknown): unknown {
  if (error instanceof BlobMissing) return new FaultFound(error.message);
  if (error instanceof GitFailed) return new FaultFound(error.message);
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && syscall !== undefined && path !== undefined) {
    return new NotAvailable(`${path}: ${code === 'ENOSPC' ? 'the disk is full' : (error as Error).message}`);
  }
  return error;
}
