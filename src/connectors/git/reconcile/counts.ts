import { fileKindOf } from '../kinds';

export const CHANGES = ['added', 'modified', 'renamed', 'deleted'] as const;
export type ChangeWord = (typeof CHANGES)[number];

/** Counts of changes, computed the same way from git and from the log. */
export class Counts {
  /** `image added` → count. */
  readonly changes = new Map<string, number>();
  /** Changes by author, in commits that are not merges. */
  readonly authors = new Map<string, number>();
  /** `Reviewed-by` → count, in commits of the first-parent history that brought content. */
  readonly trailers = new Map<string, number>();
  /** Merges by which a person accepted the changes of another branch. */
  readonly merges = new Set<string>();
  /** Merges that brought content without such an approval: of the same branch in another clone, for example. */
  readonly otherMerges = new Set<string>();
  /** Commits whose trailers, as git reads them, name no person: a placeholder, or text about another commit. */
  readonly unread = new Set<string>();
  /** Paths of assets in production at the end, with their content: a blob in git, a SHA-256 in the log. */
  readonly paths = new Map<string, string>();

  /** Also counts by `author`, if given. */
  change(path: string, word: ChangeWord, author?: string): void {
    if (author !== undefined) count(this.authors, author);
    count(this.changes, `${fileKindOf(path)?.kind ?? 'other'} ${word}`);
  }
}

export function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
