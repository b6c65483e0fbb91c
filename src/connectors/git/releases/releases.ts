import picomatch from 'picomatch';
import { descentsOf } from '../history/lineage';
import { refuseDate } from '../history/preflight';
import type { Ident } from '../people/ident';
import type { Git } from '../repository/run';
import { isReleaseName } from './releasenames';
import { type OddTag, readTags, type Tag } from './tags';

/** A release of the repository, and its place in the first-parent history. */
export interface Release {
  readonly tag: string;
  /** The ref to use on git command lines. */
  readonly ref: string;
  readonly commit: string;
  readonly who: Ident;
  /** Seconds since 1970. */
  readonly at: number;
  /** Index of the newest commit of the first-parent history that it contains; -1 if it contains none. */
  readonly place: number;
  /** True if its commit is in the first-parent history. */
  readonly onLine: boolean;
  /** The nearest release commit among its own first-parent ancestors. */
  readonly behind: string | undefined;
  /** It is recorded after the commit with this index, by which everything dated before it is recorded. */
  readonly due: number;
}

export interface Releases {
  /** In release order: by commit index, then by time, then by name. */
  readonly ordered: readonly Release[];
  /** When each release is due. */
  readonly due: Due;
  /** Tags that are not releases, with the reason. */
  readonly leftOut: readonly OddTag[];
  /** Releases in the log whose tags no longer exist. */
  readonly gone: readonly string[];
}

/** Hands out releases as the import of the history reaches them. */
export class Due {
  private readonly places = new Map<number, Release[]>();

  constructor(releases: readonly Release[]) {
    for (const release of releases) this.at(release.due, release);
  }

  at(place: number, release: Release): void {
    const here = this.places.get(place);
    if (here === undefined) this.places.set(place, [release]);
    else here.push(release);
  }

  /** Releases due in this range of commit indexes that have not been taken yet, ordered by time. */
  take(from: number, to: number): readonly Release[] {
    const taken: Release[] = [];
    for (let place = from; place <= to; place += 1) {
      const here = this.places.get(place) ?? [];
      this.places.delete(place);
      taken.push(...here.sort((a, b) => a.at - b.at || follows(a, b)));
    }
    return taken;
  }
}

interface Subject {
  readonly git: Git;
  readonly tip: string;
  readonly line: ReadonlyMap<string, number>;
  /** Globs that select release tags; without any, tags are selected by the form of their names. */
  readonly globs: readonly string[];
  /** Tags already recorded as releases, which stay releases whatever the globs say now. */
  readonly recorded: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Reads which tags are releases. Throws InputRefused if one has a date that no event can carry. */
export async function readReleases({ git, tip, line, globs, recorded, now }: Subject): Promise<Releases> {
  const { tags, odd } = await readTags(git);
  const isNamed = namedBy(globs);
  const isRelease = (name: string): boolean => recorded.has(name) || isNamed(name);
  const named = tags.filter(({ name }) => isRelease(name));
  const descents = await descentsOf(git, new Set(named.map(({ commit }) => commit)), line);
  const authors = await authorsOf(git, named);
  const times = named.length === 0 ? [] : await timesOf(git, tip);
  const releases = named.map(({ name, ref, commit, tagger, taggedAt }): Release => {
    const author = authors.get(commit)!;
    const { place, behind } = descents.get(commit)!;
    const at = taggedAt ?? author.at;
    refuseDate(`tag ${name} has a date`, String(at), Math.floor(now / 1000) + 300);
    const due = dueAfter(place, at, times);
    return { tag: name, ref, commit, who: tagger ?? author.who, at, place, onLine: line.has(commit), behind, due };
  });
  const reason =
    globs.length === 0
      ? 'its name holds no version or date; --releases names tags that are releases'
      : `its name matches none of --releases ${globs.join(', ')}`;
  const unnamed = tags.filter(({ name }) => !isRelease(name)).map(({ name }) => ({ name, reason }));
  return {
    ordered: [...releases].sort(follows),
    due: new Due(releases),
    gone: [...recorded].filter((name) => !tags.some((tag) => tag.name === name)).sort(),
    leftOut: [...odd, ...unnamed].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Matches patterns like `git tag --list`: a star also matches slashes. */
function namedBy(globs: readonly string[]): (name: string) => boolean {
  return globs.length === 0 ? isReleaseName : picomatch([...globs], { dot: true, bash: true });
}

function follows(a: Release, b: Release): number {
  return a.place - b.place || a.at - b.at || (a.tag < b.tag ? -1 : 1);
}

/**
 * A tag may be years younger than its commit. It is recorded after the commits dated before it, so that a query about a
 * moment in between misses none of them.
 */
function dueAfter(place: number, at: number, times: readonly number[]): number {
  let due = place;
  while (due + 1 < times.length && times[due + 1]! < at) due += 1;
  return due;
}

/** Author date of each commit of the first-parent history. Seconds since 1970. */
async function timesOf(git: Git, tip: string): Promise<readonly number[]> {
  const text = await git.text(['log', '--first-parent', '--reverse', '--topo-order', '--format=%at', tip]);
  return text.split('\n').map(Number);
}

async function authorsOf(git: Git, tags: readonly Tag[]): Promise<ReadonlyMap<string, { who: Ident; at: number }>> {
  if (tags.length === 0) return new Map();
  const commits = [...new Set(tags.map(({ commit }) => commit))];
  const text = await git.text(
    ['log', '--no-walk', '-z', '--format=%H%n%an%n%ae%n%at', '--stdin'],
    `${commits.join('\n')}\n`,
  );
  const rows = text.split('\0').filter((row) => row !== '');
  return new Map(
    rows.map((row) => {
      const [hash = '', name = '', email = '', at = ''] = row.split('\n');
      return [hash, { who: { name, email }, at: Number.parseInt(at, 10) }];
    }),
  );
}

/**
 * The recorded release that a release follows: one of the same commit, or the nearest one among its first-parent
 * ancestors, or, if that is further back, the previous one in release order (tags beside the first-parent history see
 * no other).
 */
export function baseOf(
  release: Release,
  ordered: readonly Release[],
  isRecorded: (release: Release) => boolean,
): Release | undefined {
  const others = ordered.filter((other) => other !== release && isRecorded(other));
  const twin = others.findLast((other) => other.commit === release.commit);
  const own = others.findLast((other) => other.commit === release.behind);
  const before = others.findLast((other) => follows(other, release) < 0);
  if (twin !== undefined) return twin;
  if (own === undefined || before === undefined) return own ?? before;
  return before.place > own.place ? before : own;
}
