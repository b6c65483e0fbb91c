import { hash, randomUUID } from 'node:crypto';
import { type Limits, overLimit } from '../importlimits';
import { fileKindOf } from '../kinds';
import { linesOf } from '../repository/pieces';
import type { Git } from '../repository/run';
import { fileVersions } from './fileversions';
import { Numbers } from './numberset';

/** Number of objects requested from git at once. */
const ASKED = 10_000;

/** Refuses a repository that exceeds the limits, before anything is written. Throws InputRefused. */
export async function refuseExcess(
  git: Git,
  line: readonly string[],
  wanted: (path: string) => boolean,
  limits: Limits,
): Promise<void> {
  await refuseCommits(git, line.at(-1)!, limits);
  await refuseFiles(git, line, wanted, limits);
}

/** Counts every commit reachable from the tip and the tags, since each is read. */
async function refuseCommits(git: Git, tip: string, limits: Limits): Promise<void> {
  const listing = git.run(['rev-list', '--ignore-missing', tip, '--tags']);
  const sizing = git.run(['cat-file', '--batch-check=%(objectname) %(objectsize)']);
  for (const { ended } of [listing, sizing]) ended.catch(() => {});
  listing.output.pipe(sizing.input);
  let commits = 0;
  try {
    for await (const row of linesOf(sizing.output)) {
      const [hash = '', size = ''] = row.split(' ');
      commits += 1;
      if (commits > limits.commits) throw overLimit(`${git.path} has more commits`, 'commits', limits);
      if (Number(size) > limits['commit-bytes']) {
        throw overLimit(`commit ${hash} has ${size} bytes`, 'commit-bytes', limits);
      }
    }
    await Promise.all([listing.ended, sizing.ended]);
  } finally {
    listing.stop();
    sizing.stop();
  }
}

/**
 * Counts the file versions of all commits, and the bytes of the assets in the first-parent history, each content once.
 */
async function refuseFiles(
  git: Git,
  line: readonly string[],
  wanted: (path: string) => boolean,
  limits: Limits,
): Promise<void> {
  const sizing = git.run(['cat-file', '--batch-check=%(objectsize)']);
  sizing.ended.catch(() => {});
  const sizes = linesOf(sizing.output);
  const known = new Numbers();
  const salt = randomUUID();
  const asked: string[] = [];
  let versions = 0;
  let total = 0;
  const answers = async () => {
    for (const path of asked.splice(0)) {
      const size = Number((await sizes.next()).value);
      // Missing content is reported when it is read.
      if (Number.isNaN(size)) continue;
      total += size;
      const advice = ', or leave the file out with --exclude';
      if (size > limits['file-bytes']) throw overLimit(`${path} has ${size} bytes`, 'file-bytes', limits, advice);
      if (total > limits['total-bytes']) {
        throw overLimit(`the files of ${git.path} have ${total} bytes or more`, 'total-bytes', limits, advice);
      }
    }
  };
  try {
    for await (const { mode, path, blob, onLine } of fileVersions(git, line)) {
      versions += 1;
      if (versions > limits['file-versions']) {
        throw overLimit(`the commits of ${git.path} change more files`, 'file-versions', limits);
      }
      const taken = onLine && mode.startsWith('100') && wanted(path) && fileKindOf(path) !== undefined;
      if (!taken || !known.add(numberOf(salt + blob))) continue;
      sizing.input.write(`${blob}\n`);
      if (asked.push(path) >= ASKED) await answers();
    }
    sizing.input.end();
    await answers();
  } finally {
    sizing.stop();
  }
}

/** Thirteen hexadecimal digits as an integer. Salted, so that nobody can construct two contents that count as one. */
function numberOf(text: string): number {
  return Number.parseInt(hash('sha1', text, 'hex').slice(0, 13), 16);
}
