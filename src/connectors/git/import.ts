import { join, resolve } from 'node:path';
import { NeedUnavailable } from '../recording/failure';
import { Listings } from '../recording/listings';
import { commitsIn, lineArgs } from './history/gitlog';
import type { Line } from './history/preflight';
import { limitsOf } from './importlimits';
import { conclude, type Recorded } from './reconcile/conclude';
import { Contents, readAhead } from './recorder/blobcontents';
import { saveProgress } from './recorder/importstate';
import { lineOf, prepare, type Run } from './recorder/prepare';
import { Recorder } from './recorder/recorder';
import { ReleaseRecorder } from './releases/releasing';
import { openRepository, type Repository } from './repository/repository';
import type { RunningGit } from './repository/run';
import type { ImportOptions, ImportResult } from './result';

/** How often the state is written down. Milliseconds. */
const CHECKPOINT_EVERY = 3000;
/** So many times as long as writing it down took passes before the next time. */
const CHECKPOINT_REST = 20;

type Asked = Pick<
  ImportOptions,
  'path' | 'branch' | 'include' | 'exclude' | 'allowShallow' | 'limits' | 'environment' | 'clock'
>;

/** The line to be imported; refuses what is no repository before anything is opened or made. Throws as `importGit`. */
export async function lineToImport(asked: Asked): Promise<Line> {
  return opened(asked, (repository) => lineOf(repository, asked, (asked.clock ?? Date.now)()));
}

/** Works on a repository, and closes it. */
async function opened<T>(
  { path, environment, limits = [] }: Pick<ImportOptions, 'path' | 'environment' | 'limits'>,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const repository = await openRepository(resolve(path), environment, limitsOf(limits).references);
  try {
    return await work(repository);
  } finally {
    repository.close();
  }
}

/**
 * Records the history of a local clone. Idempotent: what is recorded is not recorded again, so a later run adds the
 * new commits and a killed run goes on where it was.
 *
 * Throws InputRefused (nothing was written), NeedUnavailable, SourceDamaged, what the store throws, or the reason of the
 * signal (what was done is kept).
 */
export async function importGit(options: ImportOptions): Promise<ImportResult> {
  const clock = options.clock ?? Date.now;
  const started = clock();
  try {
    return await opened(options, async (repository) => {
      const run = await prepare(options, repository, clock);
      const recorded = await record(run, clock);
      run.report('reconciling');
      return await conclude(run, recorded, (clock() - started) / 1000);
    });
  } catch (error) {
    // What ended because the run was to stop is no fault: git, for example, in the middle of a commit.
    options.signal?.throwIfAborted();
    throw fileTrouble(error) ?? error;
  } finally {
    await options.people.flush();
  }
}

async function record(run: Run, clock: () => number): Promise<Recorded> {
  const { options, git, line, progress, issuer, intents } = run;
  const contents = new Contents(git, options.content ? join(options.dataDir, 'content', 'sha256') : undefined);
  const recorder = new Recorder(progress, intents, issuer, contents, run.wanted, line.branch);
  const { ordered, due } = run.releases;
  const { shipping, wanted } = run;
  const listings = new Listings(options.store);
  const means = {
    git,
    progress,
    intents,
    issuer,
    contents,
    listings,
    shipping,
    ordered,
    wanted,
    tip: line.tip,
    store: options.store,
  };
  const releaser = new ReleaseRecorder(means);
  const save = async () => {
    await issuer.drain();
    await options.people.flush();
    progress.links = recorder.links.entries();
    await shipping.catchUp(options.store);
    saveProgress(run.stateFile, progress);
  };
  run.report('importing');
  let running: RunningGit | undefined;
  try {
    // Tags that came after their commits were imported.
    await releaser.recordAll(due.take(-1, progress.place - 1), due);
    let next = clock() + CHECKPOINT_EVERY;
    if (progress.place < line.commits.length) {
      const range = progress.last === '' ? line.tip : `${progress.last}..${line.tip}`;
      running = git.run(lineArgs(range), options.signal);
      running.ended.catch(() => {});
      for await (const commit of readAhead(commitsIn(running.output), recorder.begin)) {
        await recorder.record(commit, await run.merged.of(commit.hash));
        await releaser.recordAll(due.take(progress.place - 1, progress.place - 1), due);
        run.report('importing');
        const began = clock();
        if (began < next) continue;
        await save();
        next = clock() + Math.max(CHECKPOINT_EVERY, (clock() - began) * CHECKPOINT_REST);
      }
      await running.ended;
    }
    await save();
  } finally {
    running?.stop();
    await issuer.settle();
    await contents.close();
    await run.merged.close();
  }
  return { recorder, moved: releaser.moved };
}

/** What the system says of a file that the import writes or reads. */
function fileTrouble(error: unknown): NeedUnavailable | undefined {
  const { code, path, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined || path === undefined) return undefined;
  return new NeedUnavailable(`${path}: ${code === 'ENOSPC' ? 'the disk is full' : message}`);
}
