import type { People } from '../../store/people';
import type { Store } from '../../store/store';
import type { Limits } from './importlimits';
import type { Parted } from './people/identities';
import type { Environment } from './repository/run';

export interface ImportOptions {
  /** A local clone, bare or not. */
  readonly path: string;
  /** The branch whose first-parent line is the record; without it the one HEAD names. */
  readonly branch?: string | undefined;
  /** Glob patterns on whole paths; a path is imported when one includes it (or there is none) and none excludes it. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Glob patterns on names of tags: the tags that are releases. Without any, names with a version or a date are. */
  readonly releases?: readonly string[] | undefined;
  /** False: digests, sizes and dimensions are read, bytes are not kept. */
  readonly content: boolean;
  readonly allowShallow?: boolean | undefined;
  /** How much is taken from one repository at most; without it the usual limits. */
  readonly limits?: Limits | undefined;
  readonly dataDir: string;
  readonly workspace: string;
  /** What the git command line inherits (PATH above all). */
  readonly environment: Environment;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where an import writes. Opened once nothing of the repository was refused, and closed at the end. */
export interface Destination {
  readonly store: Store;
  readonly people: People;
  close(): Promise<void>;
}

export interface ImportProgress {
  readonly phase: 'reading' | 'importing' | 'reconciling';
  /** Commits of the line of record. */
  readonly done: number;
  readonly total: number;
  /** Events written by this run. */
  readonly events: number;
}

/** One row of the reconciliation: what git counts and what the log says. */
export interface Difference {
  readonly what: string;
  readonly git: number | string;
  readonly events: number | string;
  /** The command anybody can repeat. */
  readonly command: string;
}

export interface LeftOut {
  /** Symbolic links at the tip that lead to no asset; the first twenty are named. */
  readonly links: { readonly count: number; readonly examples: readonly string[] };
  readonly submodules: readonly string[];
  /** Merges that brought content and show no approval: of the same branch in another clone, for example. */
  readonly merges: { readonly count: number; readonly examples: readonly string[] };
  /** Commits whose review lines name no person, or belong to another commit. */
  readonly reviewLines: { readonly count: number; readonly examples: readonly string[] };
  /** Tags that are no releases, each with the reason; the names of the first twenty are examples. */
  readonly tags: {
    readonly count: number;
    readonly examples: readonly string[];
    readonly reasons: readonly { readonly tag: string; readonly reason: string }[];
  };
  /** Symbolic links in the trees of releases, which are no files of their own there; the first twenty are named. */
  readonly releaseLinks: { readonly count: number; readonly examples: readonly string[] };
}

/** What is recorded of the releases. */
export interface ReleasesResult {
  readonly count: number;
  /** Files in all of them together, a file of ten releases ten times. */
  readonly files: number;
  /** How many of these hold bytes that no version of an asset has. */
  readonly offRecord: number;
  /** Tags that marked another commit before: their campaigns now contain the new tree, and did contain the old one. */
  readonly moved: readonly { readonly tag: string; readonly from: string; readonly to: string }[];
  /** Tags that are gone from the repository; what they contained stays recorded. */
  readonly gone: readonly string[];
}

/** `events` and `seconds` are of this run; every other number counts all that is recorded of this repository. */
export interface ImportResult {
  readonly events: number;
  readonly assets: number;
  readonly versions: number;
  readonly renames: number;
  readonly deletions: number;
  readonly aliases: number;
  readonly authors: number;
  readonly trailers: Readonly<Record<string, number>>;
  readonly tags: number;
  readonly seconds: number;
  readonly reconciled: boolean;
  readonly differences: readonly Difference[];
  /** The git commands the reconciliation ran. */
  readonly commands: readonly string[];
  readonly repository: string;
  readonly commits: number;
  readonly placements: number;
  readonly releases: ReleasesResult;
  readonly attested: number;
  /** Versions whose bytes git keeps elsewhere (Git LFS): known by digest and size. */
  readonly pointers: number;
  /** Paths that are not UTF-8, or hold characters that would not be seen: those stand as `%XX`. */
  readonly escapedPaths: number;
  /** People whom the `.mailmap` of today makes one, recorded under several ids before it did; they keep them. */
  readonly parted: readonly Parted[];
  readonly leftOut: LeftOut;
}
