import type { ContentStore } from '../../store/content/contentstore';
import type { People } from '../../store/people';
import type { Store } from '../../store/store';
import type { Limits } from './importlimits';
import type { Parted } from './people/identities';
import type { Environment } from './repository/run';

export interface ImportOptions {
  /** A local clone, bare or not. */
  readonly path: string;
  /** The branch whose first-parent history is imported; default: the branch of HEAD. */
  readonly branch?: string | undefined;
  /** Glob patterns on whole paths: a path is imported if one includes it (or there is none) and none excludes it. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /**
   * Glob patterns on tag names that select releases. Without any, tags with a version or a date in their names are
   * releases.
   */
  readonly releases?: readonly string[] | undefined;
  /** If false, digests, sizes and dimensions are computed but bytes are not stored. */
  readonly content: boolean;
  readonly allowShallow?: boolean | undefined;
  /** Limits on what is read from one repository; default: the usual limits. */
  readonly limits?: Limits | undefined;
  readonly dataDir: string;
  readonly workspace: string;
  /** The environment that git inherits from (PATH above all). */
  readonly environment: Environment;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where an import writes. Opened once the repository has passed all checks, and closed at the end. */
export interface Destination {
  readonly store: Store;
  readonly people: People;
  /** Where bytes are kept; default: `content/` of the data directory. */
  readonly content?: ContentStore;
  close(): Promise<void>;
}

export interface ImportProgress {
  readonly phase: 'reading' | 'importing' | 'reconciling';
  /** Number of commits of the first-parent history. */
  readonly done: number;
  readonly total: number;
  /** Events written by this run. */
  readonly events: number;
}

/** One row of the reconciliation: the values from git and from the log. */
export interface Difference {
  readonly what: string;
  readonly git: number | string;
  readonly events: number | string;
  /** The command that reproduces git's value. */
  readonly command: string;
}

export interface LeftOut {
  /** Symbolic links at the tip that lead to no asset, with up to twenty examples. */
  readonly links: { readonly count: number; readonly examples: readonly string[] };
  readonly submodules: readonly string[];
  /** Merges that brought content without an approval: of the same branch in another clone, for example. */
  readonly merges: { readonly count: number; readonly examples: readonly string[] };
  /** Commits whose review lines name no person, or belong to another commit. */
  readonly reviewLines: { readonly count: number; readonly examples: readonly string[] };
  /** Tags that are not releases, each with the reason, with up to twenty examples. */
  readonly tags: {
    readonly count: number;
    readonly examples: readonly string[];
    readonly reasons: readonly { readonly tag: string; readonly reason: string }[];
  };
  /** Symbolic links in the trees of releases, which are not files there, with up to twenty examples. */
  readonly releaseLinks: { readonly count: number; readonly examples: readonly string[] };
}

/** What is recorded of the releases. */
export interface ReleasesResult {
  readonly count: number;
  /** Files in all releases together; a file in ten releases counts ten times. */
  readonly files: number;
  /** How many of these hold bytes that are no version of an asset. */
  readonly offRecord: number;
  /** Tags that marked another commit before: their campaigns now contain the new tree, and formerly the old one. */
  readonly moved: readonly { readonly tag: string; readonly from: string; readonly to: string }[];
  /** Tags that no longer exist in the repository; their recorded contents remain. */
  readonly gone: readonly string[];
}

/** `events` and `seconds` are for this run; every other number counts all that is recorded of this repository. */
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
  /** The git commands that the reconciliation ran. */
  readonly commands: readonly string[];
  readonly repository: string;
  readonly commits: number;
  readonly placements: number;
  readonly releases: ReleasesResult;
  readonly attested: number;
  /** Versions whose bytes are stored outside git (Git LFS): known by digest and size. */
  readonly pointers: number;
  /** Paths with bytes that are not UTF-8 or with invisible characters, which are shown as `%XX`. */
  readonly escapedPaths: number;
  /** People recorded under several ids before today's `.mailmap` identified them as one; they keep these ids. */
  readonly parted: readonly Parted[];
  readonly leftOut: LeftOut;
}
