import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputRefused } from '../../recording/failure';
import { type ClonePlace, findPlace } from './place';
import { type Environment, type Git, GitFailed, gitOf } from './run';
import { isPartial, refuseIncludes, settingsOf } from './settings';

/** Timeout, in milliseconds, for the checks when a repository is opened. */
const PATIENCE_MS = 60_000;
/** The oldest git version that can be told to ignore the user's settings. */
const OLDEST = [2, 32] as const;

/** HEAD: without a reference it is detached; without a commit its branch has none yet. */
export interface Head {
  /** Its full name: `refs/heads/main`. */
  readonly reference: string | undefined;
  readonly commit: string | undefined;
}

/** A local clone as of when it was opened. */
export interface Repository {
  /** Reads the objects of the clone and its references as of then, and none of its settings. */
  readonly git: Git;
  readonly head: Head;
  /** Full names of branches and tags → object. */
  readonly references: ReadonlyMap<string, string>;
  readonly shallow: boolean;
  /** Where Git LFS has the objects of this clone; need not exist. */
  readonly lfsObjects: string;
  close(): void;
}

/**
 * Opens a local clone so that only its objects and references matter: git runs in a directory of our own, with our
 * settings, and is only told where the objects are. No setting, attribute, hook, filter, replacement or graft of the
 * repository, the user or the system affects what is read, and none of them can run a program.
 *
 * Throws InputRefused, or NeedUnavailable if git is missing.
 */
export async function openRepository(
  path: string,
  environment: Environment,
  mostReferences: number,
): Promise<Repository> {
  const place = findPlace(path);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const outside = gitOf(
    { path, cwd: place.gitDir, variables: { GIT_DIR: place.gitDir }, signal: patience },
    environment,
  );
  try {
    return await view(place, outside, environment, mostReferences);
  } catch (error) {
    if (patience.aborted) throw new InputRefused(`git did not answer about ${path} within ${PATIENCE_MS / 1000} s`);
    if (error instanceof GitFailed) throw new InputRefused(`${path} cannot be read: ${error.message}`);
    throw error;
  }
}

async function view(place: ClonePlace, outside: Git, environment: Environment, most: number): Promise<Repository> {
  const { path, gitDir, commonDir, objects } = place;
  // Outside any repository, because git reads the settings of a repository it runs in before anything else.
  const nowhere = gitOf({ path, cwd: tmpdir(), variables: { GIT_DIR: '/dev/null' } }, environment);
  refuseOld(await nowhere.text(['version']));
  const files = [join(commonDir, 'config'), join(gitDir, 'config.worktree')];
  for (const file of files) await refuseIncludes(nowhere, file);
  if (isPartial(await settingsOf(outside))) {
    throw new InputRefused(
      `${path} is a partial clone: contents are missing. Make a full clone (git clone without --filter)`,
    );
  }
  const format = await outside.text(['rev-parse', '--show-object-format']);
  const rows = await referencesOf(outside, most);
  const head = await headOf(outside);
  const directory = mkdtempSync(join(tmpdir(), 'palimpsest-git-'));
  const close = () => rmSync(directory, { recursive: true, force: true });
  try {
    const shallow = existsSync(join(commonDir, 'shallow'));
    if (shallow) copyFileSync(join(commonDir, 'shallow'), join(directory, 'shallow'));
    mkdirSync(join(directory, 'refs'));
    writeFileSync(join(directory, 'config'), configOf(format));
    writeFileSync(join(directory, 'packed-refs'), rows, 'latin1');
    writeFileSync(join(directory, 'HEAD'), `${head.commit ?? 'ref: refs/heads/none'}\n`);
    const variables = { GIT_DIR: directory, GIT_OBJECT_DIRECTORY: objects, HOME: directory };
    const git = gitOf({ path, cwd: directory, variables }, environment);
    return { git, head, references: named(rows), shallow, lfsObjects: join(commonDir, 'lfs', 'objects'), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The only settings git has in this directory. */
function configOf(format: string): string {
  const extension = format === 'sha1' ? '' : `[extensions]\n\tobjectFormat = ${format}\n`;
  return `[core]\n\trepositoryFormatVersion = ${format === 'sha1' ? 0 : 1}\n\tbare = true\n${extension}`;
}

/** Branches and tags, one per line: object, space, full name. Bytes are kept as they are. */
async function referencesOf(git: Git, most: number): Promise<string> {
  const rows = await git.bytes([
    'for-each-ref',
    `--count=${most + 1}`,
    '--format=%(objectname) %(refname)',
    'refs/heads',
    'refs/remotes/origin',
    'refs/tags',
  ]);
  return rows.toString('latin1');
}

function named(rows: string): ReadonlyMap<string, string> {
  const lines = Buffer.from(rows, 'latin1').toString('utf8').split('\n');
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const end = line.indexOf(' ');
      return end === -1 ? [] : [[line.slice(end + 1), line.slice(0, end)]];
    }),
  );
}

async function headOf(git: Git): Promise<Head> {
  const commit = await unlessAbsent(git.text(['rev-parse', '--verify', '--quiet', 'HEAD']));
  const reference = await unlessAbsent(git.text(['symbolic-ref', '--quiet', 'HEAD']));
  return { commit, reference };
}

/** Exit code 1 means that git found nothing. */
async function unlessAbsent(answer: Promise<string>): Promise<string | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitFailed && error.exitCode === 1) return undefined;
    throw error;
  }
}

function refuseOld(said: string): void {
  const [, major = '0', minor = '0'] = /^git version (\d+)\.(\d+)/.exec(said) ?? [];
  const old = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
  if (old) throw new InputRefused(`${said} is too old: git ${OLDEST.join('.')} or a later one is needed`);
}
