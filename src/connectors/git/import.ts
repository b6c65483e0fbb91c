import { join, resolve } from 'node:path';
import { openContentDirectory } from '../../store/content/directory';
import type { People } from '../../store/people';
import { NeedUnavailable } from '../recording/failure';
import { commitsIn, lineArgs } from './history/gitlog';
import { preflight } from './history/preflight';
import { LIMITS } from './importlimits';
import { conclude, type RecordedByRun } from './reconcile/conclude';
import { Contents, readAhead } from './recorder/blobcontents';
import { BlobKeeper } from './recorder/blobkeeper';
import { saveProgress } from './recorder/importstate';
import { prepare, type Run, wantedBy } from './recorder/prepare';
import { Recorder } from './recorder/recorder';
import { ReleaseRecorder } from './releases/releasing';
import { openRepository, type Repository } from './repository/repository';
import type { RunningGit } from './repository/run';
import type { Destination, ImportOptions, ImportResult } from './result';

/** Minimum interval between two saves of the import state, in milliseconds. */
const CHECKPOINT_EVERY = 3000;
/** The interval is also at least this many times as long as the last save took. */
const CHECKPOINT_REST = 20;

/**
 * Records the history of a local clone. Idempotent: what is recorded is not recorded again, so a later run adds the new
 * commits and a killed run resumes. A repository that cannot be imported is refused before `open` is called.
 *
 * Throws InputRefused (nothing was written), NeedUnavailable, SourceDamaged, the store's errors, or the reason of the
 * signal (completed work is kept).
 */
export async function importGit(options: ImportOptions, open: () => Promise<Destination>): Promise<ImportResult> {
  const { path, environment, branch, allowShallow = false, limits = LIMITS, clock = Date.now } = options;
  const started = clock();
  const wanted = wantedBy(options);
  const repository = await openRepository(resolve(path), environment, limits.references);
  try {
    const line = await preflight(repository, { branch, allowShallow, now: started, wanted, limits });
    const destination = await open();
    try {
      const run = await prepare(options, { git: repository.git, line, wanted }, destination, clock);
      const keeper = options.content ? await keeperOf(options, destination, repository) : undefined;
      const recorded = await record(run, destination.people, keeper, clock).finally(() => keeper?.close());
      run.report('reconciling');
      return await conclude(run, recorded, (clock() - started) / 1000);
    } finally {
      await destination.people.flush();
      await destination.close();
    }
  } catch (error) {
    // An error caused by the abort is no fault: git, for example, was stopped in the middle of a commit.
    options.signal?.throwIfAborted();
    throw fileTrouble(error) ?? error;
  } finally {
    repository.close();
  }
}

function keeperOf(
  { dataDir }: ImportOptions,
  { content }: Destination,
  { lfsObjects }: Repository,
): Promise<BlobKeeper> {
  return BlobKeeper.open(content ?? openContentDirectory(join(dataDir, 'content')), lfsObjects);
}

async function record(
  run: Run,
  people: People,
  keeper: BlobKeeper | undefined,
  clock: () => number,
): Promise<RecordedByRun> {
  const { options, git, line, progress, issuer, shipping, store } = run;
  const { due } = run.releases;
  const contents = new Contents(git, keeper);
  const recorder = new Recorder(run, contents);
  const releaser = new ReleaseRecorder(run, contents);
  const save = async () => {
    await issuer.drain();
    await people.flush();
    progress.links = recorder.links.entries();
    await shipping.catchUp(store);
    saveProgress(run.stateFile, progress);
  };
  run.report('importing');
  let running: RunningGit | undefined;
  try {
    // Tags that were added after their commits were imported.
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

/** The file system's error for a file that the import reads or writes. */
function fileTrouble(error: unknown): NeedUnavailable | undefined {
  const { code, path, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined || path === undefined) return undefined;
  return new NeedUnavailable(`${path}: ${code === 'ENOSPC' ? 'the disk is full' : message}`);
}
