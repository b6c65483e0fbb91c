import { type Commit, commitsIn, everyCommitArgs } from '../../connectors/git/log';
import { MergeContent, type Merged, mergedBy } from '../../connectors/git/merges';
import type { Git } from '../../connectors/git/run';

/** What each merge of the line brought in, by the merge's hash. One pass over the commits beside the line. */
export async function readMerged(
  git: Git,
  range: string,
  line: readonly string[],
  wanted: (path: string) => boolean,
): Promise<ReadonlyMap<string, MergeContent>> {
  const onLine = new Set(line);
  const nodes = new Map<
    string,
    { readonly parents: readonly string[]; readonly merged?: Merged; readonly age: number }
  >();
  const running = git.run(everyCommitArgs(range));
  running.ended.catch(() => {});
  for await (const commit of commitsIn(running.output)) {
    const node = { parents: commit.parents, age: nodes.size };
    nodes.set(commit.hash, onLine.has(commit.hash) ? node : { ...node, merged: mergedOf(commit, wanted) });
  }
  await running.ended;
  const found = new Map<string, MergeContent>();
  for (const [merge, hashes] of mergedBy(line, nodes)) {
    // git showed children before parents, so the oldest came last.
    const brought = hashes.map((hash) => nodes.get(hash)!).sort((a, b) => b.age - a.age);
    found.set(merge, new MergeContent(brought.map(({ merged }) => merged!)));
  }
  return found;
}

function mergedOf(commit: Commit, wanted: (path: string) => boolean): Merged {
  const { hash, author, authoredAt, committedAt, trailers, changes } = commit;
  const wrote = changes
    .filter(({ path }) => wanted(path))
    .map(({ path, status, newBlob }) => ({ path, blob: status === 'D' ? '' : newBlob }));
  return { hash, author, authoredAt, committedAt, trailers, wrote };
}
