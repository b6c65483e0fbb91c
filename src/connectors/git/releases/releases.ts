import picomatch from 'picomatch';
import { descentsOf } from '../history/lineage';
import { refuseDate } from '../history/preflight';
import type { Ident } from '../people/ident';
import type { Git } from '../repository/run';
import { isReleaseName } from './releasenames';
import { type OddTag, readTags, type Tag } from './tags';

/** A release of the repository, and how it stands to the line of record. */
export interface Release {
  readonly tag: string;
  /** What git knows the tag by. */
  readonly ref: string;
  readonly commit: string;
  readonly who: Ident;
  /** Seconds since 1970. */
  readonly at: number;
  /** Place of the newest commit of the line that it contains; -1 where it contains none. */
  readonly place: number;
  /** True where its commit is of the line itself. */
  readonly onLine: boolean;
  /** The nearest commit of a release behind it along its own first parents. */
  readonly behind: string | undefined;
  /** It is recorded when the line is recorded up to this place: then what is dated before it is. */
  readonly due: number;
}

export interface Releases {
  /** In the order in which they follow each other: along the line, then by time, then by name. */
  readonly ordered: readonly Release[];
  /** When they are due. */
  readonly due: Due;
  /** Tags that are no releases, and why. */
  readonly leftOut: readonly OddTag[];
  /** Releases in the log whose tags are gone. */
  readonly gone: readonly string[];
}

/** Which releases are due when the line is recorded up to a place. */
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

  /** Those up to this place that were not taken yet, in the order of time. */
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
  /** Globs that say which tags are releases; without any, the names of the tags tell. */
  readonly globs: readonly string[];
  /** Tags that are recorded as releases already, and stay so whatever the globs say now. */
  readonly recorded: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Reads which tags are releases. Throws InputRefused where one has a date that no event can carry. */
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

/** As `git tag --list` reads patterns: a star matches slashes too. */
function namedBy(globs: readonly string[]): (name: string) => boolean {
  return globs.length === 0 ? isReleaseName : picomatch([...globs], { dot: true, bash: true });
}

function follows(a: Release, b: Release): number {
  return a.place - b.place || a.at - b.at || (a.tag < b.tag ? -1 : 1);
}

/**
 * A tag may be years younger than its commit. It is recorded after the commits that are dated before it, so that none
 * of them is missing from an answer about a moment in between.
 */
function dueAfter(place: number, at: number, times: readonly number[]): number {
  let due = place;
  while (due + 1 < times.length && times[due + 1]! < at) due += 1;
  return due;
}

/** When each commit of the line was made. Seconds since 1970. */
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
 * The recorded release that a release follows: the same commit's, or the nearest one behind it on its own line, or, where
 * that lies further back, the one before it in the order of the line (tags on commits beside the line know no other).
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
