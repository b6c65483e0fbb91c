import { join } from 'node:path';
import picomatch from 'picomatch';
import type { Store } from '../../../store/store';
import { InputRefused } from '../../recording/failure';
import { Issuer } from '../../recording/issuer';
import { findMerged, MergedCommits } from '../history/merged';
import type { LineOfRecord } from '../history/preflight';
import { Identities } from '../people/identities';
import { Mailmap } from '../people/mailmap';
import { type Releases, readReleases } from '../releases/releases';
import { Shipping } from '../releases/shipping';
import { type Git, GitFailed } from '../repository/run';
import type { Destination, ImportOptions, ImportProgress } from '../result';
import { freshProgress, type ImportState, loadProgress } from './importstate';
import { Intents, repositoryId } from './intents';

const LARGEST_MAILMAP = 16 * 1024 * 1024;

/** Everything a run determines before it writes. */
export interface Run {
  readonly options: ImportOptions;
  readonly store: Store;
  readonly git: Git;
  readonly line: LineOfRecord;
  readonly places: ReadonlyMap<string, number>;
  readonly wanted: (path: string) => boolean;
  readonly intents: Intents;
  readonly issuer: Issuer;
  readonly progress: ImportState;
  readonly stateFile: string;
  readonly releases: Releases;
  readonly shipping: Shipping;
  readonly merged: MergedCommits;
  readonly report: (phase: ImportProgress['phase']) => void;
}

/** Determines how far the log is and what remains to be imported; writes nothing. */
export async function prepare(
  options: ImportOptions,
  { git, line, wanted }: Pick<Run, 'git' | 'line' | 'wanted'>,
  { store, people }: Destination,
  clock: () => number,
): Promise<Run> {
  const places = new Map(line.commits.map((hash, place) => [hash, place]));
  const repository = repositoryId(line.commits[0]!);
  const stateFile = join(options.dataDir, 'import', `${repository}.json`);
  const progress = stateOf(stateFile, repository, options, places, line);
  const shipping = new Shipping(repository, progress.shipped);
  await shipping.catchUp(store);
  const recorded = new Set([...shipping.recorded().values()].map(({ tag }) => tag));
  const globs = options.releases ?? [];
  const releases = await readReleases({ git, tip: line.tip, line: places, globs, recorded, now: clock() });
  const rest = line.commits.slice(progress.place);
  const range = progress.last === '' ? line.tip : `${progress.last}..${line.tip}`;
  const brought = line.merges.size > 0 && rest.length > 0 ? await findMerged(git, range, rest) : [];
  const merged = new MergedCommits(git, brought, wanted);
  const issuer = new Issuer(store, clock, options.signal);
  const mailmap = await readMailmap(git, line.tip);
  const met = join(options.dataDir, 'import', `${repository}.people`);
  const intents = new Intents(repository, options.workspace, people, new Identities(repository, mailmap, met));
  const report: Run['report'] = (phase) =>
    options.onProgress?.({ phase, done: progress.place, total: line.commits.length, events: issuer.written });
  return {
    options,
    store,
    git,
    line,
    places,
    wanted,
    intents,
    issuer,
    progress,
    stateFile,
    releases,
    shipping,
    merged,
    report,
  };
}

/** The `.mailmap` as committed on the imported branch; the file in a work tree has no author and is ignored. */
async function readMailmap(git: Git, tip: string): Promise<Mailmap> {
  const blob = `${tip}:.mailmap`;
  let size: string;
  try {
    size = await git.text(['cat-file', '-s', blob]);
  } catch (error) {
    if (error instanceof GitFailed) return new Mailmap();
    throw error;
  }
  if (Number(size) > LARGEST_MAILMAP) throw new InputRefused(`${blob} is larger than ${LARGEST_MAILMAP} bytes`);
  return new Mailmap(await git.text(['cat-file', '-p', blob]));
}

function stateOf(
  file: string,
  repository: string,
  options: ImportOptions,
  places: ReadonlyMap<string, number>,
  line: LineOfRecord,
): ImportState {
  const filters = JSON.stringify([options.include ?? [], options.exclude ?? []]);
  const progress = loadProgress(file) ?? freshProgress(repository, filters);
  if (progress.filters !== filters) {
    throw new InputRefused(
      `this repository was imported with other --include and --exclude patterns (${progress.filters}); use the same`,
    );
  }
  if (progress.last !== '' && !places.has(progress.last)) {
    throw new InputRefused(
      `commit ${progress.last}, the last one imported, is not in the first-parent history of ${line.branch}: ` +
        'its history was rewritten, or another branch was imported before. Import into another data directory',
    );
  }
  return progress;
}

/** Matches if any including glob does, or none is given, and no excluding glob does. */
export function wantedBy({
  include = [],
  exclude = [],
}: Pick<ImportOptions, 'include' | 'exclude'>): (path: string) => boolean {
  const included = include.length === 0 ? () => true : picomatch([...include], { dot: true });
  const excluded = exclude.length === 0 ? () => false : picomatch([...exclude], { dot: true });
  return (path) => included(path) && !excluded(path);
}
