import { fileKindOf } from '../kinds';

export const CHANGES = ['added', 'modified', 'renamed', 'deleted'] as const;
export type ChangeWord = (typeof CHANGES)[number];

/** What happened, counted the same way from git and from the log. */
export class Counts {
  /** `image added` → n. */
  readonly changes = new Map<string, number>();
  /** Changes by author, in commits that are no merges. */
  readonly authors = new Map<string, number>();
  /** `Reviewed-by` → n, in commits of the line that brought content. */
  readonly trailers = new Map<string, number>();
  /** Merges by which a person accepted the changes of another branch. */
  readonly merges = new Set<string>();
  /** Merges that brought content and tell of no such word: of the same branch in another clone, for example. */
  readonly otherMerges = new Set<string>();
  /** Commits whose trailers, as git reads them, name no person: a placeholder, or words about another commit. */
  readonly unread = new Set<string>();
  /** Paths of assets in production at the end, with what they show: to git a blob, in the log a SHA-256. */
  readonly paths = new Map<string, string>();

  /** `author` is counted too, where there is one. */
  change(path: string, word: ChangeWord, author?: string): void {
    if (author !== undefined) count(this.authors, author);
    count(this.changes, `${fileKindOf(path)?.kind ?? 'other'} ${word}`);
  }
}

export function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
