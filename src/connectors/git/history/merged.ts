import type { Git, RunningGit } from '../repository/run';
import { type Commit, commitsIn, commitsOnDemandArgs } from './gitlog';
import { MergeContent, type Merged, mergedBy } from './merges';

/** How many commits are requested from git before they are needed. */
const AHEAD = 500;

interface Brought {
  readonly merge: string;
  /** Oldest first. */
  readonly commits: readonly string[];
}

/**
 * What each merge of the first-parent history brought in. Only hashes are kept; the contents of the commits are read
 * when their merge is processed, so that memory does not grow with the history.
 */
export class MergedCommits {
  private readonly running: RunningGit;
  private readonly commits: AsyncGenerator<Commit>;
  private next = 0;
  private asked = 0;
  private waiting = 0;

  constructor(
    git: Git,
    private readonly brought: readonly Brought[],
    private readonly wanted: (path: string) => boolean,
  ) {
    this.running = git.run(commitsOnDemandArgs());
    this.running.ended.catch(() => {});
    this.commits = commitsIn(this.running.output);
  }

  /** Call it for every merge, in the order of the history. Undefined for a commit that brought nothing in. */
  async of(hash: string): Promise<MergeContent | undefined> {
    const brought = this.brought[this.next];
    if (brought?.merge !== hash) return undefined;
    this.next += 1;
    this.ask();
    const merged: Merged[] = [];
    while (merged.length < brought.commits.length) {
      const { value, done } = await this.commits.next();
      if (done) {
        await this.running.ended;
        throw new Error(`git ended before it told what ${hash} merged`);
      }
      if (value.hash === brought.commits[merged.length]) merged.push(mergedOf(value, this.wanted));
    }
    this.waiting -= brought.commits.length;
    return new MergeContent(merged);
  }

  async close(): Promise<void> {
    this.running.input.end();
    this.running.stop();
    await this.running.ended.catch(() => {});
  }

  private ask(): void {
    while (this.asked < this.next || (this.waiting < AHEAD && this.asked < this.brought.length)) {
      const { merge, commits } = this.brought[this.asked]!;
      // A commit is known to be complete when the next one begins, so the merge itself is requested after the commits
      // it brought in.
      for (const commit of [...commits, merge]) this.running.input.write(`${commit}\n`);
      this.waiting += commits.length;
      this.asked += 1;
    }
  }
}

/** Finds which commits the merges of a range brought in. */
export async function findMerged(git: Git, range: string, line: readonly string[]): Promise<readonly Brought[]> {
  const nodes = new Map<string, { readonly parents: readonly string[]; readonly age: number }>();
  for await (const row of git.lines(['rev-list', '--parents', '--topo-order', '--end-of-options', range])) {
    const [hash = '', ...parents] = row.split(' ');
    nodes.set(hash, { parents, age: nodes.size });
  }
  // git lists children before parents, so the oldest came last.
  const byAge = (a: string, b: string) => nodes.get(b)!.age - nodes.get(a)!.age;
  const merged = mergedBy(line, nodes);
  return line.flatMap((merge) => {
    const commits = merged.get(merge);
    return commits === undefined ? [] : [{ merge, commits: [...commits].sort(byAge) }];
  });
}

function mergedOf(commit: Commit, wanted: (path: string) => boolean): Merged {
  const { hash, author, authoredAt, committedAt, trailers, url, changes } = commit;
  const wrote = changes
    .filter(({ path }) => wanted(path))
    .map(({ path, status, newBlob }) => ({ path, blob: status === 'D' ? '' : newBlob }));
  return { hash, author, authoredAt, committedAt, trailers, url, wrote };
}
