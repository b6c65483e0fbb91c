import { InputRefused } from '../../recording/failure';
import { type Limits, overLimit } from '../importlimits';
import type { Repository } from '../repository/repository';
import type { Git } from '../repository/run';
import { refuseExcess } from './survey';

/** A claimed time may be ahead of our clock by this many seconds; `execute` allows the same. */
const CLOCK_TOLERANCE = 300;
const NAMED_BRANCHES = 20;

/** The line of record: the first-parent history from the root to the tip. */
export interface LineOfRecord {
  readonly branch: string;
  readonly tip: string;
  /** Oldest first. */
  readonly commits: readonly string[];
  /** The merge commits among them. */
  readonly merges: ReadonlySet<string>;
}

interface Asked {
  readonly branch?: string | undefined;
  readonly allowShallow: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly wanted: (path: string) => boolean;
  readonly limits: Limits;
}

/** Checks everything that can be wrong before anything is written. Throws InputRefused. */
export async function preflight(repository: Repository, asked: Asked): Promise<LineOfRecord> {
  const { git } = repository;
  if (repository.references.size > asked.limits.references) {
    throw overLimit(`${git.path} has more branches and tags`, 'references', asked.limits);
  }
  if (repository.shallow && !asked.allowShallow) {
    throw new InputRefused(
      `${git.path} is a shallow clone: its history is cut off, and what is older would be recorded as new. ` +
        'Fetch the rest (git fetch --unshallow), or import what is there with --allow-shallow',
    );
  }
  const { branch, tip } = tipOf(repository, asked.branch);
  const commits: string[] = [];
  const merges = new Set<string>();
  for await (const row of git.lines(['rev-list', '--first-parent', '--parents', tip])) {
    const [hash = '', , second] = row.split(' ');
    commits.push(hash);
    if (second !== undefined) merges.add(hash);
    if (commits.length > asked.limits.commits) throw overLimit(`${branch} has more commits`, 'commits', asked.limits);
  }
  commits.reverse();
  await refuseExcess(git, commits, asked.wanted, asked.limits);
  await refuseDates(git, tip, asked.now);
  return { branch, tip, commits, merges };
}

/** A branch is looked up by its full name, so that a tag or a branch with a similar name is never taken for it. */
function tipOf({ git, head, references }: Repository, asked: string | undefined): { branch: string; tip: string } {
  if (asked === undefined || (asked === 'HEAD' && !references.has('refs/heads/HEAD'))) {
    const branch = head.reference === undefined ? 'HEAD' : shortened(head.reference);
    if (head.commit !== undefined) return { branch, tip: head.commit };
    throw new InputRefused(missing(git, references, branch));
  }
  const whole = /^refs\/(heads|remotes)\//.test(asked) ? [asked] : [];
  for (const name of [...whole, `refs/heads/${asked}`, `refs/remotes/origin/${asked}`]) {
    const tip = references.get(name);
    if (tip !== undefined) return { branch: asked, tip };
  }
  throw new InputRefused(missing(git, references, asked));
}

function missing(git: Git, references: Repository['references'], branch: string): string {
  const branches = [...references.keys()].filter((name) => !name.startsWith('refs/tags/')).map(shortened);
  if (branches.length === 0) return `${git.path} is empty: it has no commits on any branch`;
  return `${git.path} has no branch ${branch}; it has ${branches.slice(0, NAMED_BRANCHES).join(', ')}`;
}

function shortened(reference: string): string {
  return reference.replace(/^refs\/(heads|remotes)\//, '');
}

/** One bad date would stop the import midway, so all dates are checked first. */
async function refuseDates(git: Git, tip: string, now: number): Promise<void> {
  const latest = Math.floor(now / 1000) + CLOCK_TOLERANCE;
  for await (const row of git.lines(['log', '--format=%H|%at|%ct', tip])) {
    const [hash, authored = '', committed = ''] = row.split('|');
    for (const [what, text] of [
      ['an author', authored],
      ['a committer', committed],
    ] as const) {
      refuseDate(`commit ${hash} has ${what} date`, text, latest);
    }
  }
}

/** Throws InputRefused for a date, in seconds since 1970, that no event can carry. */
export function refuseDate(whose: string, text: string, latest: number): void {
  const seconds = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seconds) || seconds < 0) {
    throw new InputRefused(
      `${whose} before 1970${text === '' ? ' (git shows none)' : `: ${text} seconds`}; nothing was imported`,
    );
  }
  if (seconds > latest) {
    const shown = seconds * 1000 <= 8.64e15 ? new Date(seconds * 1000).toISOString() : `${seconds} seconds after 1970`;
    throw new InputRefused(`${whose} in the future: ${shown}; nothing was imported`);
  }
}
