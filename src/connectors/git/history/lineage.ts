import type { Git } from '../repository/run';

/** How a commit stands to the line of record. */
export interface Descent {
  /** Place of the newest commit of the line that it contains; -1 where it contains none. */
  readonly place: number;
  /** The nearest marked commit behind it along its own first parents; undefined where there is none. */
  readonly behind: string | undefined;
}

interface Reached extends Descent {
  /** This commit where it is marked, otherwise the nearest behind it. */
  readonly nearest: string | undefined;
}

/**
 * How marked commits (those of tags) stand to the line of record, found by one walk over their history. A commit of
 * the line stands at its own place; a commit of a release branch at that of the newest commit of the line it merged.
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

/** Commits behind the marked ones that are not of the line, parents first. */
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

/** How many of the sorted numbers are at most this one. */
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
