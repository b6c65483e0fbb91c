import { hash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { fileKindOf } from '../../connectors/git/kinds';
import { readPath } from '../../connectors/git/path';
import { linesOf, piecesOf } from '../../connectors/git/pieces';
import type { Git } from '../../connectors/git/run';
import { type Limits, overLimit } from './limits';
import { Numbers } from './numbers';

/** Asked of git at once; more are asked when they are answered. */
const ASKED = 10_000;
const COLON = 0x3a;

/** Refuses a repository that has more to take than the limits say, before anything is written. Throws UsageError. */
export async function refuseExcess(
  git: Git,
  line: readonly string[],
  wanted: (path: string) => boolean,
  limits: Limits,
): Promise<void> {
  await refuseCommits(git, line.at(-1)!, limits);
  await refuseFiles(git, line, wanted, limits);
}

/** Every commit behind the tip, those that merges brought in too, since each is read. */
async function refuseCommits(git: Git, tip: string, limits: Limits): Promise<void> {
  const listing = git.run(['rev-list', tip]);
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

/** Every version of a file that a commit shows, and the bytes of the line's assets, each content counted once. */
async function refuseFiles(
  git: Git,
  line: readonly string[],
  wanted: (path: string) => boolean,
  limits: Limits,
): Promise<void> {
  const diffs = git.run(['diff-tree', '--stdin', '-r', '-z', '--root', '--no-renames']);
  const sizing = git.run(['cat-file', '--batch-check=%(objectsize)']);
  for (const { ended } of [diffs, sizing]) ended.catch(() => {});
  const onLine = new Set(line);
  Readable.from(toCompare(git, line, onLine)).pipe(diffs.input);
  const sizes = linesOf(sizing.output);
  const asked: string[] = [];
  let total = 0;
  const answers = async () => {
    for (const path of asked.splice(0)) {
      const size = Number((await sizes.next()).value);
      // A content that is missing is named when it is read.
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
    for await (const { path, blob } of versionsIn(git, diffs.output, onLine, limits)) {
      if (!wanted(path) || fileKindOf(path) === undefined) continue;
      sizing.input.write(`${blob}\n`);
      if (asked.push(path) >= ASKED) await answers();
    }
    sizing.input.end();
    await answers();
    await diffs.ended;
  } finally {
    diffs.stop();
    sizing.stop();
  }
}

/** Each commit of the line with its first parent, as `git diff-tree` takes them, and then all those merged. */
async function* toCompare(git: Git, line: readonly string[], onLine: ReadonlySet<string>): AsyncGenerator<string> {
  for (const [at, commit] of line.entries()) yield at === 0 ? `${commit}\n` : `${commit} ${line[at - 1]}\n`;
  const listing = git.run(['rev-list', line.at(-1)!]);
  listing.ended.catch(() => {});
  for await (const commit of linesOf(listing.output)) if (!onLine.has(commit)) yield `${commit}\n`;
  await listing.ended;
}

/** The files that `git diff-tree` names for commits of the line, each content once. */
async function* versionsIn(
  git: Git,
  output: Parameters<typeof piecesOf>[0],
  onLine: ReadonlySet<string>,
  limits: Limits,
): AsyncGenerator<{ readonly path: string; readonly blob: string }> {
  const known = new Numbers();
  const salt = randomUUID();
  let versions = 0;
  let taken = false;
  let entry: Buffer | undefined;
  for await (const piece of piecesOf(output)) {
    if (entry === undefined && piece[0] !== COLON) taken = onLine.has(piece.toString('latin1'));
    else if (entry === undefined) entry = piece;
    else {
      const [, mode = '', , blob = ''] = entry.toString('latin1').split(' ');
      entry = undefined;
      versions += 1;
      if (versions > limits['file-versions']) {
        throw overLimit(`the commits of ${git.path} change more files`, 'file-versions', limits);
      }
      if (taken && mode.startsWith('100') && known.add(numberOf(salt + blob)))
        yield { path: readPath(piece).path, blob };
    }
  }
}

/** Thirteen hexadecimal digits are a whole number. Salted, so that nobody can make two contents that count as one. */
function numberOf(text: string): number {
  return Number.parseInt(hash('sha1', text, 'hex').slice(0, 13), 16);
}
