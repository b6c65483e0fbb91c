import type { Git } from '../repository/run';

/** Where a commit is relative to the first-parent history. */
export interface Descent {
  /** Index of the newest commit of the first-parent history that is reachable from it; -1 if there is none. */
  readonly place: number;
  /** The nearest marked commit among its own first-parent ancestors, if any. */
  readonly behind: string | undefined;
}

interface Reached extends Descent {
  /** This commit if it is marked, otherwise its nearest marked first-parent ancestor. */
  readonly nearest: string | undefined;
}

/**
 * Finds where marked commits (those with tags) are relative to the first-parent history, in one walk over their
 * ancestors. A commit of that history has its own index; a commit of a release branch has the index of the newest
 * commit of the history that it merged.
 */
export async function descentsOf(
  git: Git,
  marked: ReadonlySet<string>,
  line: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Descent>> {
  const found = new Map<string, Descent>();
  const onLine = [...marked].filter((hash) => line.has(hash)).sort((a, b) => line.get(a)! - line.get(b)!);
  const places = onLine.map((hash) => line.get(hash)!);
  for (const [at, hash] of onLine.entries()) found.set(hash, { place: places[at]!, behind: onLine[at - 1] });

  const reachedOnLine = (place: number): Reached => {
    const nearest = onLine[countUpTo(places, place) - 1];
    return { place, nearest, behind: nearest };
  };
  const beside = new Map<string, Reached>();
  const reached = (hash: string): Reached | undefined => {
    const place = line.get(hash);
    return place === undefined ? beside.get(hash) : reachedOnLine(place);
  };
  for await (const [hash, parents] of besideLine(git, marked, line)) {
    const before = parents.map(reached);
    const place = before.reduce((highest, parent) => Math.max(highest, parent?.place ?? -1), -1);
    const behind = before[0]?.nearest;
    beside.set(hash, { place, behind, nearest: marked.has(hash) ? hash : behind });
    if (marked.has(hash)) found.set(hash, { place, behind });
  }
  return found;
}

/** Ancestors of marked commits that are not in the first-parent history, parents first. */
async function* besideLine(
  git: Git,
  marked: ReadonlySet<string>,
  line: ReadonlyMap<string, number>,
): AsyncGenerator<readonly [hash: string, parents: readonly string[]]> {
  const off = [...marked].filter((hash) => !line.has(hash));
  if (off.length === 0) return;
  const input = `${off.join('\n')}\n`;
  for await (const row of git.lines(['rev-list', '--topo-order', '--reverse', '--parents', '--stdin'], input)) {
    const [hash = '', ...parents] = row.split(' ');
    if (!line.has(hash)) yield [hash, parents];
  }
}

/** How many of the sorted numbers are at most `most`. */
function countUpTo(sorted: readonly number[], most: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
