import { realpathSync, statSync } from 'node:fs';
import { type Git, GitFailed, GitMissing } from '../../connectors/git/run';
import { NotAvailable, UsageError } from '../exit';

/** A claimed time may be ahead of our clock by this much; `execute` allows the same. Seconds. */
const CLOCK_TOLERANCE = 300;

/** The line of record: first parents from the root to the tip. */
export interface Line {
  readonly branch: string;
  readonly tip: string;
  /** Oldest first. */
  readonly commits: readonly string[];
  readonly hasMerges: boolean;
}

/** Checks everything that can be wrong before anything is written. Throws UsageError or NotAvailable. */
export async function preflight(
  git: Git,
  options: { readonly branch?: string | undefined; readonly allowShallow: boolean; readonly now: number },
): Promise<Line> {
  if (!statSync(git.path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${git.path} is no directory; name a local clone`);
  }
  await refuseForeign(git);
  if ((await git.text(['rev-parse', '--is-shallow-repository'])) === 'true' && !options.allowShallow) {
    throw new UsageError(
      `${git.path} is a shallow clone: its history is cut off, and what is older would be recorded as new. ` +
        'Fetch the rest (git fetch --unshallow), or import what is there with --allow-shallow',
    );
  }
  await refusePartial(git);
  const branch = options.branch ?? (await headBranch(git));
  const tip = await tipOf(git, branch);
  const rows = (await git.text(['rev-list', '--first-parent', '--parents', '--reverse', tip])).split('\n');
  await refuseDates(git, tip, options.now);
  const commits = rows.map((row) => row.split(' ', 1)[0]!);
  return { branch, tip, commits, hasMerges: rows.some((row) => row.split(' ').length > 2) };
}

async function refuseForeign(git: Git): Promise<void> {
  let places: readonly string[];
  try {
    places = (await git.text(['rev-parse', '--absolute-git-dir', '--show-cdup'])).split('\n');
  } catch (error) {
    if (error instanceof GitMissing) throw new NotAvailable(error.message);
    if (error instanceof GitFailed) throw new UsageError(`${git.path} is no git repository`);
    throw error;
  }
  const [gitDir = '', up = ''] = places;
  // Inside a bare repository or a .git directory there is no way up, and a subdirectory of a clone has one.
  if (up !== '')
    throw new UsageError(`${git.path} lies inside the repository ${realpathSync(`${git.path}/${up}`)}; name that`);
  if (gitDir === '') throw new UsageError(`${git.path} is no git repository`);
}

async function refusePartial(git: Git): Promise<void> {
  const promisors = await git.text(['config', '--local', '--get-regexp', '^remote\\..*\\.promisor$']).catch((error) => {
    if (error instanceof GitFailed) return '';
    throw error;
  });
  if (promisors !== '') {
    throw new UsageError(
      `${git.path} is a partial clone: contents are missing. Make a full clone (git clone without --filter)`,
    );
  }
}

async function headBranch(git: Git): Promise<string> {
  try {
    return await git.text(['symbolic-ref', '--short', 'HEAD']);
  } catch (error) {
    if (error instanceof GitFailed) return 'HEAD';
    throw error;
  }
}

async function tipOf(git: Git, branch: string): Promise<string> {
  for (const name of [
    `refs/heads/${branch}`,
    `refs/remotes/origin/${branch}`,
    ...(branch === 'HEAD' ? ['HEAD'] : []),
  ]) {
    try {
      return await git.text(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    } catch (error) {
      if (!(error instanceof GitFailed)) throw error;
    }
  }
  const branches = await git.text([
    'for-each-ref',
    '--count=20',
    '--format=%(refname:short)',
    'refs/heads',
    'refs/remotes',
  ]);
  if (branches === '') throw new UsageError(`${git.path} is empty: it has no commits on any branch`);
  throw new UsageError(`${git.path} has no branch ${branch}; it has ${branches.split('\n').join(', ')}`);
}

/** One bad date would stop the import half-way, so all are looked at first. */
async function refuseDates(git: Git, tip: string, now: number): Promise<void> {
  const latest = Math.floor(now / 1000) + CLOCK_TOLERANCE;
  for (const row of (await git.text(['log', '--format=%H|%at|%ct', tip])).split('\n')) {
    const [hash, authored = '', committed = ''] = row.split('|');
    for (const [what, text] of [
      ['author', authored],
      ['committer', committed],
    ] as const) {
      refuseDate(`commit ${hash} has ${what === 'author' ? 'an author' : 'a committer'} date`, text, latest);
    }
  }
}

/** Throws UsageError where a date, in seconds since 1970, is one no event can carry. */
export function refuseDate(whose: string, text: string, latest: number): void {
  const seconds = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seconds) || seconds < 0) {
    throw new UsageError(
      `${whose} before 1970${text === '' ? ' (git shows none)' : `: ${text} seconds`}; nothing was imported`,
    );
  }
  if (seconds > latest) {
    const shown = seconds * 1000 <= 8.64e15 ? new Date(seconds * 1000).toISOString() : `${seconds} seconds after 1970`;
    throw new UsageError(`${whose} in the future: ${shown}; nothing was imported`);
  }
}
