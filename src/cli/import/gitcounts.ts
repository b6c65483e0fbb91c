import { type Ident, identityOf } from '../../connectors/git/ident';
import { fileKindOf } from '../../connectors/git/kinds';
import { readPath } from '../../connectors/git/path';
import type { Git } from '../../connectors/git/run';
import { CO_AUTHOR, RECORDED_TRAILERS, trailersIn } from '../../connectors/git/trailers';
import { type ChangeWord, Counts, count } from './counts';
import type { Intents } from './intents';

const KEYS = RECORDED_TRAILERS.map((name) => `key=${name}`).join(',');

/** The commands of the reconciliation: none of them is one the import itself reads. */
export function countCommands(tip: string) {
  const line = ['--first-parent', '--no-color', '-z'];
  const raw = ['-m', '--raw', '-M50%', '-l1000000', '--root', '--no-abbrev'];
  return {
    changes: ['log', ...line, ...raw, '--format=%x01%H%x02%P%x02%an%x02%ae', tip],
    trailers: ['log', ...line, `--format=%H%n%(trailers:${KEYS},unfold)`, tip],
    tree: ['ls-tree', '-r', '-z', tip],
  } as const;
}

interface GitCounts {
  readonly counts: Counts;
  /** Symbolic links at the tip. */
  readonly links: number;
}

interface LineCommit {
  readonly hash: string;
  readonly merge: boolean;
  readonly author: Ident;
  /** True once it brought content. */
  content: boolean;
}

type IsAsset = (mode: string, path: string) => boolean;

/** Counts with git's own commands what the import should have recorded. */
export async function countGit(
  git: Git,
  tip: string,
  intents: Intents,
  wanted: (path: string) => boolean,
): Promise<GitCounts> {
  const commands = countCommands(tip);
  const isAsset: IsAsset = (mode, path) => mode.startsWith('100') && wanted(path) && fileKindOf(path) !== undefined;
  const counts = new Counts();
  const commits = countChanges(await git.bytes(commands.changes), isAsset, intents, counts);
  for (const row of (await git.bytes(commands.trailers)).toString('utf8').split('\0')) {
    const [hash = '', ...lines] = row.split('\n');
    countTrailers(commits.get(hash), lines.join('\n'), counts);
  }
  const links = countTree(await git.bytes(commands.tree), isAsset, counts);
  return { counts, links };
}

function countChanges(
  output: Buffer,
  isAsset: IsAsset,
  intents: Intents,
  counts: Counts,
): ReadonlyMap<string, LineCommit> {
  const commits = new Map<string, LineCommit>();
  const pieces = output.toString('latin1').split('\0');
  const path = (at: number) => readPath(Buffer.from(pieces[at] ?? '', 'latin1')).path;
  let commit: LineCommit | undefined;
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]!.replace(/^\n/, '');
    if (piece.startsWith('\x01')) {
      const fields = Buffer.from(piece.slice(1), 'latin1').toString('utf8').split('\x02');
      const [hash = '', parents = '', name = '', email = ''] = fields;
      commit = { hash, merge: parents.includes(' '), author: { name, email }, content: false };
      commits.set(hash, commit);
    } else if (piece.startsWith(':') && commit !== undefined) {
      const [oldMode = '', newMode = '', oldBlob, newBlob, status = ''] = piece.slice(1).split(' ');
      const from = path(++at);
      const to = status.startsWith('R') ? path(++at) : from;
      const had = isAsset(oldMode, from);
      const has = isAsset(newMode, to);
      const changed = oldBlob !== newBlob;
      const word = wordOf(had, has, from !== to, changed);
      if (word === undefined) continue;
      counts.change(has ? to : from, word);
      if (!commit.merge) count(counts.authors, intents.actorId(commit.author));
      if (!has || (had && !changed)) continue;
      commit.content = true;
      if (commit.merge) counts.merges.add(commit.hash);
    }
  }
  return commits;
}

function wordOf(had: boolean, has: boolean, moved: boolean, changed: boolean): ChangeWord | undefined {
  if (had && has && !moved) return changed ? 'modified' : undefined;
  if (has) return had ? 'renamed' : 'added';
  return had ? 'deleted' : undefined;
}

/** A co-author who is the author is one person, and in a merge the merged authors stand for their own. */
function countTrailers(commit: LineCommit | undefined, text: string, counts: Counts): void {
  if (commit === undefined || !commit.content) return;
  for (const { name, who } of trailersIn(text)) {
    const self = commit.merge || identityOf(who) === identityOf(commit.author);
    if (name !== CO_AUTHOR || !self) count(counts.trailers, name);
  }
}

function countTree(output: Buffer, isAsset: IsAsset, counts: Counts): number {
  let links = 0;
  for (const row of output.toString('latin1').split('\0')) {
    const [head = '', ...rest] = row.split('\t');
    const mode = head.slice(0, 6);
    const path = readPath(Buffer.from(rest.join('\t'), 'latin1')).path;
    if (mode === '120000') links += 1;
    if (isAsset(mode, path)) counts.paths.add(path);
  }
  return links;
}
