/** A file that a campaign contains: path, digest, bytes, asset, number of the version. */
export type File = readonly [
  path: string,
  digest: string,
  bytes: number | null,
  asset: string | null,
  version: number | null,
];

/** Where a stretch of files in path order is kept, its first path, and how many files it holds. */
export type Leaf = readonly [campaign: string, revision: number, ordinal: number, first: string, count: number];

/** How contents change. */
export interface Change {
  readonly put: readonly File[];
  readonly gone: readonly string[];
}

/** More files than this make a leaf two. */
export const MOST = 128;
/** Fewer than this are joined with the leaf behind. */
const FEWEST = 32;

/**
 * Contents are kept as leaves: stretches of at most `MOST` files, in the order of the paths. A change writes anew only
 * the leaves that it touches, and shares the others with the contents it began with. So a release costs what changed in
 * it, and a page of its contents one or two leaves, however many releases and files there are.
 */
export function changed(
  leaves: readonly Leaf[],
  change: Change,
  read: (leaf: Leaf) => readonly File[],
  write: (files: readonly File[]) => Leaf,
): readonly Leaf[] {
  const edits = editsOf(change);
  const result: Leaf[] = [];
  let open: File[] | undefined;
  let at = 0;
  const close = (): void => {
    for (const files of split(open ?? [])) result.push(write(files));
    open = undefined;
  };
  for (const [index, leaf] of leaves.entries()) {
    const behind = leaves[index + 1]?.[3];
    const from = at;
    while (at < edits.length && (behind === undefined || edits[at]![0] < behind)) at += 1;
    if (at === from && (open === undefined || open.length >= FEWEST)) {
      close();
      result.push(leaf);
    } else {
      open = [...(open ?? []), ...merged(read(leaf), edits.slice(from, at))];
      if (open.length > MOST) close();
    }
  }
  if (leaves.length === 0) open = merged([], edits);
  close();
  return result;
}

/** The leaf in which a page behind this path begins; from the first without a path. */
export function leafBehind(leaves: readonly Leaf[], path: string | undefined): number {
  if (path === undefined) return 0;
  let low = 0;
  let high = leaves.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (leaves[middle]![3] <= path) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

type Edit = readonly [path: string, file: File | undefined];

function editsOf({ put, gone }: Change): readonly Edit[] {
  const edits = new Map<string, File | undefined>(gone.map((path) => [path, undefined]));
  for (const file of put) edits.set(file[0], file);
  return [...edits].sort(([a], [b]) => (a < b ? -1 : 1));
}

function merged(files: readonly File[], edits: readonly Edit[]): File[] {
  const result: File[] = [];
  let at = 0;
  for (const [path, file] of edits) {
    while (at < files.length && files[at]![0] < path) result.push(files[at++]!);
    if (files[at]?.[0] === path) at += 1;
    if (file !== undefined) result.push(file);
  }
  return result.concat(files.slice(at));
}

/** Stretches of nearly the same length. */
function split(files: readonly File[]): (readonly File[])[] {
  const parts = Math.ceil(files.length / MOST);
  const bound = (part: number): number => Math.round((files.length * part) / parts);
  return Array.from({ length: parts }, (_, part) => files.slice(bound(part), bound(part + 1)));
}
