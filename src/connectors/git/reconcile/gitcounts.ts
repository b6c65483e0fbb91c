import { treeOf } from '../history/trees';
import { fileKindOf } from '../kinds';
import { isApproval } from '../people/approval';
import { type Ident, isService } from '../people/ident';
import { CO_AUTHOR, DECISION_ROLES, saidIn } from '../people/trailers';
import type { Intents } from '../recorder/intents';
import type { Run } from '../recorder/prepare';
import { readPath } from '../repository/path';
import { type ChangeWord, Counts, count } from './counts';
import { type Pair, sameContents } from './digests';

/** The trailers that git is asked for: those that count as decisions. */
const KEYS = Object.keys(DECISION_ROLES)
  .map((name) => `key=${name}`)
  .join(',');

/** The commands of the reconciliation. The import itself uses none of them. */
export function countCommands(tip: string) {
  const line = ['--first-parent', '--no-color', '-z'];
  const raw = ['-m', '--raw', '-M50%', '-l1000000', '--root', '--no-abbrev'];
  return {
    changes: ['log', ...line, ...raw, '--format=%x01%H%x00%P%x00%an%x00%ae%x00', tip],
    trailers: ['log', ...line, `--format=%H%x00%cn%x00%ce%x00%(trailers:${KEYS},unfold)%x00%B`, tip],
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

/** A change that does not count if both blobs hold the same content. */
interface Doubtful extends Pair {
  readonly path: string;
  /** Id of its author; undefined for merges, whose changes are not counted by author. */
  readonly author: string | undefined;
}

type IsAsset = (mode: string, path: string) => boolean;

/** Counts with git's own commands what the import should have recorded. */
export async function countGit(run: Run): Promise<GitCounts> {
  const { git, intents, wanted } = run;
  const { tip, branch } = run.line;
  const commands = countCommands(tip);
  const isAsset: IsAsset = (mode, path) => mode.startsWith('100') && wanted(path) && fileKindOf(path) !== undefined;
  const counts = new Counts();
  const commits = await countChanges(run, git.pieces(commands.changes), isAsset, counts);
  for await (const said of messagesIn(git.pieces(commands.trailers))) {
    const commit = commits.get(said.hash);
    if (commit?.content) countSaid(commit, said, branch, intents, counts);
  }
  let links = 0;
  for (const { mode, path, object } of await treeOf(git, commands.tree)) {
    if (mode === '120000') links += 1;
    if (isAsset(mode, path)) counts.paths.set(path, object);
  }
  return { counts, links };
}

async function countChanges(
  { git, intents, progress }: Run,
  output: AsyncGenerator<Buffer>,
  isAsset: IsAsset,
  counts: Counts,
): Promise<ReadonlyMap<string, LineCommit>> {
  const commits = new Map<string, LineCommit>();
  const field = async (): Promise<Buffer> => (await output.next()).value ?? Buffer.alloc(0);
  const path = async () => readPath(await field()).path;
  const word = async () => (await field()).toString('utf8');
  const doubtful: Doubtful[] = [];
  let commit: LineCommit | undefined;
  for (let next = await output.next(); !next.done; next = await output.next()) {
    const piece = next.value.toString('utf8').replace(/^\n/, '');
    if (piece.startsWith('\x01')) {
      const [hash, parents] = [piece.slice(1), await word()];
      const author = { name: await word(), email: await word() };
      commit = { hash, merge: parents.includes(' '), author, content: false };
      commits.set(hash, commit);
    } else if (piece.startsWith(':') && commit !== undefined) {
      const [oldMode = '', newMode = '', before = '', after = '', status = ''] = piece.slice(1).split(' ');
      const from = await path();
      const to = status.startsWith('R') ? await path() : from;
      const had = isAsset(oldMode, from);
      const has = isAsset(newMode, to);
      const changed = before !== after;
      const happened = wordOf(had, has, from !== to, changed);
      if (happened === undefined) continue;
      const author = commit.merge ? undefined : intents.identities.idOf(commit.author);
      const change = { path: has ? to : from, author, before, after };
      if (progress.pointers.size > 0 && happened === 'modified') doubtful.push(change);
      else counts.change(change.path, happened, author);
      if (!has || (had && !changed)) continue;
      commit.content = true;
    }
  }
  const same = await sameContents(git, doubtful);
  for (const change of doubtful) if (!same.has(change)) counts.change(change.path, 'modified', change.author);
  return commits;
}

function wordOf(had: boolean, has: boolean, moved: boolean, changed: boolean): ChangeWord | undefined {
  if (had && has && !moved) return changed ? 'modified' : undefined;
  if (has) return had ? 'renamed' : 'added';
  return had ? 'deleted' : undefined;
}

interface Message {
  readonly hash: string;
  readonly committer: Ident;
  /** The decision trailers, as git itself reads them. */
  readonly trailers: string;
  readonly message: string;
}

async function* messagesIn(output: AsyncGenerator<Buffer>): AsyncGenerator<Message> {
  const word = async () => ((await output.next()).value ?? Buffer.alloc(0)).toString('utf8');
  for (let next = await output.next(); !next.done; next = await output.next()) {
    const committer = { name: await word(), email: await word() };
    yield { hash: next.value.toString('latin1'), committer, trailers: await word(), message: await word() };
  }
}

/**
 * A co-author who is also the author counts once; in a merge, the authors of the merged commits count as its authors.
 */
function countSaid(
  commit: LineCommit,
  { committer, trailers, message }: Message,
  branch: string,
  { identities }: Intents,
  counts: Counts,
): void {
  const author = identities.idOf(commit.author);
  const said = new Set<string>();
  const decided = new Set<string>();
  for (const { name, who } of saidIn(message).trailers) {
    const id = identities.idOf(who);
    if (name !== CO_AUTHOR) decided.add(who.email);
    const self = commit.merge || id === author;
    if (name !== CO_AUTHOR || !self) said.add(`${name}\n${id}`);
  }
  for (const word of said) count(counts.trailers, word.split('\n', 1)[0]!);
  const named = [...trailers.matchAll(/<([^<>\s]{1,200}@[^<>\s]{1,200})>/g)].map(([, email]) => email!);
  if (trailers !== '' && (decided.size === 0 || !named.every((email) => decided.has(email))))
    counts.unread.add(commit.hash);
  if (!commit.merge) return;
  const approves = isApproval(message, branch, isService(committer));
  (approves ? counts.merges : counts.otherMerges).add(commit.hash);
}
