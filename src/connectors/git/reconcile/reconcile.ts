import { createHash } from 'node:crypto';
import type { Recorded } from '../../../domain/catalogue';
import { saidIn } from '../people/trailers';
import type { Run } from '../recorder/prepare';
import type { Git } from '../repository/run';
import type { Difference } from '../result';
import { count } from './counts';
import { digestsOf } from './digests';
import { countCommands, countGit } from './gitcounts';
import { countLog, type LogCounts } from './logcounts';
import { comparePeople } from './mailmapped';

export interface Reconciliation {
  readonly log: LogCounts;
  readonly differences: readonly Difference[];
  readonly commands: readonly string[];
  readonly otherMerges: ReadonlySet<string>;
  readonly unread: ReadonlySet<string>;
}

type Paths = ReadonlyMap<string, string>;
/** Key of the tip among earlier comparisons: no tag has this name. */
const TIP = '';

interface Asked {
  /** Selects the streams of this repository. */
  readonly mine: (stream: string) => boolean;
  /** Receives every event that counts. */
  readonly also: (event: Recorded) => void;
  /** Number of symbolic links at the tip according to the import. */
  readonly links: number;
}

/** Compares the log with git's own counts. Every difference is listed with the command that shows it. */
export async function reconcile(run: Run, { mine, also, links }: Asked): Promise<Reconciliation> {
  const { git, intents, line } = run;
  const { tip } = line;
  const said = countCommands(tip);
  const found = await countGit(run);
  const log = await countLog(run, mine, also);
  const changes = git.shown(said.changes);
  const trailers = git.shown(said.trailers);
  const tree = git.shown(said.tree);
  const merges = (set: ReadonlySet<string>) => new Map([['merges that approved content', set.size]]);
  const differences = [
    ...compare(found.counts.changes, log.counts.changes, changes),
    ...compare(found.counts.authors, log.counts.authors, changes, 'changes by '),
    ...compare(merges(found.counts.merges), merges(log.counts.merges), changes),
    ...compare(found.counts.trailers, log.counts.trailers, trailers),
    ...compare(new Map([['links at the tip', found.links]]), new Map([['links at the tip', links]]), tree),
    ...comparePaths(found.counts.paths, log.counts.paths, tree),
    ...(await compareContents(run, found.counts.paths, log.counts.paths, tree)),
    ...(await compareCited(git, log.cited)),
    ...(await comparePeople(git, tip, intents.identities)),
  ];
  const { otherMerges, unread } = found.counts;
  return { log, differences, commands: [changes, trailers, tree], otherMerges, unread };
}

function compare(
  git: ReadonlyMap<string, number>,
  events: ReadonlyMap<string, number>,
  command: string,
  prefix = '',
): readonly Difference[] {
  return [...new Set([...git.keys(), ...events.keys()])].sort().flatMap((key) => {
    const row = { what: `${prefix}${key}`, git: git.get(key) ?? 0, events: events.get(key) ?? 0, command };
    return row.git === row.events ? [] : [row];
  });
}

/** Compares the paths that hold an asset at the tip; the first twenty differences are listed. */
function comparePaths(git: Paths, events: Paths, command: string): readonly Difference[] {
  const missing = [...git.keys()].filter((path) => !events.has(path));
  const extra = [...events.keys()].filter((path) => !git.has(path));
  return [
    ...missing.slice(0, 20).map((path) => ({ what: `path ${path}`, git: 'there', events: 'not there', command })),
    ...extra.slice(0, 20).map((path) => ({ what: `path ${path}`, git: 'not there', events: 'there', command })),
  ];
}

/**
 * Compares the content of each asset at the tip with git's, read and hashed again here; the first twenty differences
 * are listed. Content that an earlier comparison found equal and that has not changed since is not read again.
 */
async function compareContents(
  { git, progress: { compared } }: Run,
  blobs: Paths,
  events: Paths,
  command: string,
): Promise<readonly Difference[]> {
  const both = [...blobs].filter(([path]) => events.has(path));
  const hash = createHash('sha256');
  for (const [path, blob] of both) hash.update(`${blob} ${events.get(path)} ${path}\n`);
  const said = hash.digest('hex');
  if (compared.get(TIP)?.said === said) return [];
  const digests = await digestsOf(git, new Set(both.map(([, blob]) => blob)));
  const other = both.filter(([path, blob]) => events.get(path) !== digests.get(blob));
  if (other.length === 0) compared.set(TIP, { said, links: 0, link: undefined });
  return other.slice(0, 20).map(([path, blob]) => {
    return { what: `content of ${path}`, git: digests.get(blob)!, events: events.get(path) || 'no version', command };
  });
}

/** Trailers of merged commits are evidence only if those commits contain them. */
async function compareCited(git: Git, cited: ReadonlySet<string>): Promise<readonly Difference[]> {
  if (cited.size === 0) return [];
  const commits = [...new Set([...cited].map((word) => word.split(' ')[0]!))];
  const command = ['log', '--no-walk=unsorted', '-z', '--format=%H%n%B', '--stdin'];
  const carried = new Map<string, number>();
  for (const row of (await git.text(command, `${commits.join('\n')}\n`)).split('\0')) {
    const [hash, ...lines] = row.split('\n');
    for (const { name } of saidIn(lines.join('\n')).trailers) count(carried, `${hash} ${name}`);
  }
  return [...cited]
    .filter((word) => !carried.has(word))
    .map((word) => ({ what: `trailer ${word}`, git: 0, events: 1, command: git.shown(command) }));
}
