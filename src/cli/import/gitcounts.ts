import { type Ident, identityOf } from '../../connectors/git/ident';
import { fileKindOf } from '../../connectors/git/kinds';
import { readPath } from '../../connectors/git/path';
import { piecesOf } from '../../connectors/git/pieces';
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
    changes: ['log', ...line, ...raw, '--format=%x01%H%x00%P%x00%an%x00%ae%x00', tip],
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
  const commits = await countChanges(pieces(git, commands.changes), isAsset, intents, counts);
  for await (const piece of pieces(git, commands.trailers)) {
    const row = piece.toString('utf8');
    const end = row.indexOf('\n');
    if (end !== -1) countTrailers(commits.get(row.slice(0, end)), row.slice(end + 1), counts);
  }
  const links = await countTree(pieces(git, commands.tree), isAsset, counts);
  return { counts, links };
}

/** What a command writes, as it comes: a long history has more of it than is good to hold in memory. */
async function* pieces(git: Git, command: readonly string[]): AsyncGenerator<Buffer> {
  const running = git.run(command);
  running.ended.catch(() => {});
  yield* piecesOf(running.output);
  await running.ended;
}

async function countChanges(
  output: AsyncGenerator<Buffer>,
  isAsset: IsAsset,
  intents: Intents,
  counts: Counts,
): Promise<ReadonlyMap<string, LineCommit>> {
  const commits = new Map<string, LineCommit>();
  const field = async (): Promise<Buffer> => (await output.next()).value ?? Buffer.alloc(0);
  const path = async () => readPath(await field()).path;
  const word = async () => (await field()).toString('utf8');
  let commit: LineCommit | undefined;
  for (let next = await output.next(); !next.done; next = await output.next()) {
    const piece = next.value.toString('utf8').replace(/^\n/, '');
    if (piece.startsWith('\x01')) {
      const [hash, parents] = [piece.slice(1), await word()];
      const author = { name: await word(), email: await word() };
      commit = { hash, merge: parents.includes(' '), author, content: false };
      commits.set(hash, commit);
    } else if (piece.startsWith(':') && commit !== undefined) {
      const [oldMode = '', newMode = '', oldBlob, newBlob, status = ''] = piece.slice(1).split(' ');
      const from = await path();
      const to = status.startsWith('R') ? await path() : from;
      const had = isAsset(oldMode, from);
      const has = isAsset(newMode, to);
      const changed = oldBlob !== newBlob;
      const happened = wordOf(had, has, from !== to, changed);
      if (happened === undefined) continue;
      counts.change(has ? to : from, happened);
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

async function countTree(output: AsyncGenerator<Buffer>, isAsset: IsAsset, counts: Counts): Promise<number> {
  let links = 0;
  for await (const row of output) {
    const mode = row.toString('latin1', 0, 6);
    const { path } = readPath(row.subarray(row.indexOf(9) + 1));
    if (mode === '120000') links += 1;
    if (isAsset(mode, path)) counts.paths.add(path);
  }
  return links;
}
