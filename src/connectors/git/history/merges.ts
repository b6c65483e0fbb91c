import type { Commit } from './gitlog';

/** A commit that a merge brought in, with the files it wrote. */
export type Merged = Pick<Commit, 'hash' | 'author' | 'authoredAt' | 'committedAt' | 'trailers' | 'url'> & {
  /** `blob` is empty if the path was deleted. */
  readonly wrote: readonly { readonly path: string; readonly blob: string }[];
};

type Node = Pick<Commit, 'parents'>;

/**
 * Which commits each merge of the first-parent history brought in: those reachable from it but not from its first
 * parent. Each commit is visited once, since the history is a chain and what was reached stays reached.
 */
export function mergedBy(
  line: readonly string[],
  nodes: ReadonlyMap<string, Node>,
): ReadonlyMap<string, readonly string[]> {
  const onLine = new Set(line);
  const reached = new Set<string>();
  const merged = new Map<string, readonly string[]>();
  for (const hash of line) {
    const todo = (nodes.get(hash)?.parents ?? []).slice(1).reverse();
    const brought: string[] = [];
    while (todo.length > 0) {
      const next = todo.pop()!;
      const node = nodes.get(next);
      if (node === undefined || reached.has(next) || onLine.has(next)) continue;
      reached.add(next);
      brought.push(next);
      todo.push(...node.parents);
    }
    if (brought.length > 0) merged.set(hash, brought);
  }
  return merged;
}

/** Who made the content that a merge shows at a path. */
export interface ContentMakers {
  /** The last merged commit that wrote it. */
  readonly last: Merged;
  /** All merged commits that wrote it, oldest first. */
  readonly all: readonly Merged[];
  /** Those that wrote exactly this content: a review of them was a review of this version. */
  readonly exact: readonly Merged[];
}

/** The commits that one merge brought in, indexed by what they wrote. */
export class MergeContent {
  private readonly byPath = new Map<string, Merged[]>();
  private readonly byBlob = new Map<string, Merged[]>();

  /** `commits`: oldest first. */
  constructor(readonly commits: readonly Merged[]) {
    for (const commit of commits) {
      for (const { path, blob } of commit.wrote) {
        push(this.byPath, path, commit);
        if (blob !== '') push(this.byBlob, blob, commit);
      }
    }
  }

  /** Undefined if no merged commit wrote this path or content: then the merge itself made it. */
  makersOf(path: string, blob: string): ContentMakers | undefined {
    const exact = this.byBlob.get(blob) ?? [];
    const involved = new Set([...exact, ...(this.byPath.get(path) ?? [])]);
    const all = this.commits.filter((commit) => involved.has(commit));
    const last = exact.at(-1) ?? all.at(-1);
    return last === undefined ? undefined : { last, all, exact };
  }
}

function push(map: Map<string, Merged[]>, key: string, commit: Merged): void {
  const commits = map.get(key);
  if (commits === undefined) map.set(key, [commit]);
  else if (commits.at(-1) !== commit) commits.push(commit);
}
