import type { Portion } from './lifted';
import type { Projection } from './projection';
import type { ProjectionReader } from './reader';

/** Why a projection stands still: the event it cannot fold. */
export interface Poison {
  readonly position: string;
  readonly stream: string;
  readonly type: string;
  readonly message: string;
}

/** `live` tables answer; `build` tables are being filled beside them. */
export type Role = 'live' | 'build';

/** One generation of a projection's tables. */
export interface Standing {
  readonly name: string;
  readonly role: Role;
  readonly version: number;
  readonly generation: number;
  readonly position: number;
  readonly shape: string;
  /** Indexes and search are there; until then only a fold can use the tables. */
  readonly sealed: boolean;
  readonly poison: Poison | undefined;
}

/** How far the log is known to the tables, for answers by `recordedAt` and for ordinals. */
export interface LogMark {
  readonly position: number;
  readonly events: number;
  /** Running maximum of `recordedAt`, milliseconds. */
  readonly recorded: number;
  /** Id of the event at `position`: another log under the same tables shows itself by it. */
  readonly lastId: string;
}

/** What the runtime knows of the tables. */
export interface Survey {
  find(name: string, role: Role): Standing | undefined;
  log(): LogMark;
}

export interface TablesHash {
  readonly rows: number;
  readonly sha256: string;
}

/** One committed state of all tables, for as long as the caller needs it. */
export interface Snapshot {
  readonly survey: Survey;
  hash(projection: Projection, generation: number, ordinalOf: (position: number) => number): Promise<TablesHash>;
}

/** Where the awaited tables stand; a poisoned projection will not go on by itself. */
export interface Reach {
  readonly position: number;
  readonly stuck: boolean;
}

/** Work that one process does at a time. */
export type Work = 'projecting' | 'rebuilding';

/** The right to do one kind of work. It ends with the process, however that ends. */
export interface Lock {
  readonly held: boolean;
  /** True where this process has it now. */
  take(): boolean | Promise<boolean>;
  release(): void | Promise<void>;
  /** Aborted when the lock was lost, so another process may hold it. Undefined if it cannot be lost. */
  readonly lost: AbortSignal | undefined;
}

/** Where a range of the log is folded into. Each batch is kept as a whole or not at all. */
export interface Target {
  /** Events it takes at once, at most, where it gathers the transactions by itself: fewer wait in memory. */
  readonly portion?: number;
  /**
   * Folds a batch that follows `after` without a gap; nothing comes between. False where some tables stand before
   * `after`: they took nothing and need the log from where they stand.
   */
  apply(portion: Portion, after: number): boolean | Promise<boolean>;
  /** Resolves when everything applied is kept, where that may come later than `apply` resolves. */
  finish?(): Promise<void>;
}

/** Writes tables. Only the process that holds the lock of its work may use it. */
export interface Keeper {
  survey(): Survey | Promise<Survey>;
  /**
   * Gives the projections whose tables must be built first. `foreign`: why what the tables hold is of another log than
   * this one. `bulk`: the log is so long that tables which are missing are better built beside.
   */
  prepare(
    projections: readonly Projection[],
    how: { readonly foreign: string | undefined; readonly bulk: boolean; readonly signal?: AbortSignal },
  ): Promise<readonly Projection[]>;
  /**
   * Batches into these tables. `capacity`: rows of each table that an engine on a server keeps between batches.
   * `batchSize`: events in one transaction, where the target gathers them by itself.
   */
  target(
    projections: readonly Projection[],
    role: Role,
    how: { readonly capacity: number; readonly batchSize?: number },
  ): Target;
  /** The unfinished build to go on with, or a new one where there is none of this very version and shape. */
  beginOrResume(projection: Projection, signal?: AbortSignal): Promise<void>;
  /** Gives filled tables what readers need. */
  seal(projection: Projection, signal?: AbortSignal): Promise<void>;
  /** Makes the build the live tables, if it stands where these do; false where they have moved on. */
  promote(projection: Projection, signal?: AbortSignal): Promise<boolean>;
  close(): void | Promise<void>;
}

/** Where read models are kept. Two engines, one behaviour: the laws of the projections run on both. */
export interface Engine {
  /**
   * Events in one transaction of a rebuild: by a process that answers questions in between, by one beside another that
   * projects, and by one alone.
   */
  readonly rebuildBatch: { readonly serving: number; readonly beside: number; readonly alone: number };
  reader(projection: Projection): ProjectionReader;
  survey(): Survey | Promise<Survey>;
  /** The tables are of this version and laid out as this program would. */
  isCurrent(standing: Standing, projection: Projection): boolean;
  /** The tables are laid out as this program would, of whatever version they are: it can read them. */
  isReadable(standing: Standing, projection: Projection): boolean;
  /** How far each projection's current live tables are known to be, for a reader of this process. */
  reach(): ReadonlyMap<string, Reach>;
  /** Calls whenever another process may have written, until the answer is called. */
  watch(onChange: () => void): () => void;
  lock(work: Work): Lock;
  keeper(work: Work): Keeper | Promise<Keeper>;
  /** `signal` ends what the body hashes: it then rejects with its reason. */
  snapshot<T>(body: (snapshot: Snapshot) => Promise<T>, signal?: AbortSignal): Promise<T>;
  close(): void | Promise<void>;
}

/** The tables of a projection are not there yet, or are of an older shape, and are being built. */
export class TablesNotReady extends Error {
  override readonly name = 'TablesNotReady';
  constructor(readonly projection: string) {
    super(`the tables of ${projection} are being built; ask again in a moment`);
  }
}

/** A question takes longer than whoever asks may wait. */
export class ReadTooLong extends Error {
  override readonly name = 'ReadTooLong';
  constructor(milliseconds: number) {
    super(
      milliseconds === 0
        ? 'too many long questions wait for an answer; ask again in a moment'
        : `the answer takes longer than ${milliseconds / 1_000} s; ask for fewer rows, or with a narrower filter`,
    );
  }
}

/** The tables lack so much of the log that what they say cannot be relied on yet. What folds them goes on. */
export class TablesBehind extends Error {
  override readonly name = 'TablesBehind';
  constructor(position: string) {
    super(`the tables stand at ${position}, too far behind the log for this decision; ask again with the same key`);
  }
}

/** The tables cannot be reached or cannot be written just now. What waits for them goes on by itself. */
export class TablesUnavailable extends Error {
  override readonly name = 'TablesUnavailable';
}

/** The tables hold events that this log does not. Nothing is folded into them until an operator has decided. */
export class TablesRefused extends Error {
  override readonly name = 'TablesRefused';
}
