import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../sqlite';
import { positionOf } from '../store/instant';
import { type Store, Unavailable } from '../store/store';
import { type Hashes, hashLive } from './hashes';
import { Lease } from './lease';
import type { Probe } from './probe';
import { type Progress, progressOf, reachOf } from './progress';
import type { Projection } from './projection';
import { isCurrent, Projector } from './projector';
import type { ProjectionReader } from './reader';
import { RebuildBusy, type RebuildOptions, rebuild } from './rebuild';
import { patiently } from './replay';
import { ReadConnection, SqliteReader } from './sqlite/reader';
import { prepareState } from './sqlite/state';
import { packPosition } from './sqlite/values';
import { Waiting } from './waiting';

/** How long to wait before asking again for a lease another process holds. Milliseconds. */
const LEASE_PAUSE_MS = 500;
const WAIT_MS = 5_000;
/** Events in one transaction of a rebuild: beside a serving process small, so that it answers in between. */
const REBUILD_BATCH = { serving: 1_000, alone: 2_000 };

export interface Runtime {
  /** Takes the projector lease if it is free, else waits for it in the background; tables answer either way. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The live tables of one projection. Its calls reject with TablesNotReady while there are none to read. */
  reader(name: string): ProjectionReader;
  /** False when the time (default 5,000 ms) is over first, or when a projection is poisoned before the position. */
  waitFor(
    position: string,
    options?: { readonly timeoutMs?: number; readonly projections?: readonly string[] },
  ): Promise<boolean>;
  /** Folds everything up to the head of now, or waits until the projecting process has. */
  catchUp(options?: { readonly signal?: AbortSignal }): Promise<void>;
  progress(): Promise<readonly Progress[]>;
  /** The listener gets the position everything can be read at, each time this process notices it has advanced. */
  onAdvance(listener: (position: string) => void): () => void;
  /** Throws RebuildBusy, RebuildDiffers or RebuildPoisoned; rejects with the signal's reason when aborted, to be resumed. */
  rebuild(options?: {
    readonly projection?: string;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  }): Promise<{ readonly events: number; readonly seconds: number; readonly switched: readonly string[] }>;
  /** Canonical hashes of the live tables of one projection, or of all. */
  hash(projection?: string): Promise<Hashes>;
}

export interface RuntimeOptions {
  readonly store: Store;
  readonly projections: readonly Projection[];
  readonly tablesFile: string;
  /** Events folded in one transaction at most while projecting. Default 1,000. */
  readonly batchSize?: number;
  /** Events folded in one transaction of a rebuild. Default 1,000 beside live projecting, else 2,000. */
  readonly rebuildBatchSize?: number;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly clock?: () => number;
  /** What went wrong outside a fold and is tried again: a store that cannot be reached, a full disk. */
  readonly onFault?: (fault: unknown) => void;
  /** Watches every batch this process folds into live tables. Default nobody. */
  readonly probe?: Pick<Probe, 'folded'> | undefined;
}

/** Opens the tables file, which is made where it is missing. Nothing is projected before `start` or `catchUp`. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const names = new Set(options.projections.map(({ name }) => name));
  if (names.size < options.projections.length) throw new Error('two projections have the same name');
  const db = openDatabase(options.tablesFile, { synchronous: 'NORMAL' });
  try {
    await patiently(() => prepareState(db));
  } finally {
    db.close();
  }
  return new SqliteRuntime(options);
}

class SqliteRuntime implements Runtime {
  private readonly connection: ReadConnection;
  private readonly readers: ReadonlyMap<string, SqliteReader>;
  private readonly waiting: Waiting;
  private readonly lease: Lease;
  private readonly rebuilding: Lease;
  private readonly stopping = new AbortController();
  private readonly background = new Set<Promise<void>>();
  private projector: Projector | undefined;
  private started = false;

  constructor(private readonly options: RuntimeOptions) {
    const { tablesFile, projections } = options;
    this.connection = new ReadConnection(openDatabase(tablesFile, { readOnly: true, cacheKiB: 16_000 }));
    this.readers = new Map(projections.map((each) => [each.name, new SqliteReader(this.connection, each)]));
    this.lease = new Lease(`${tablesFile}-projecting`);
    this.rebuilding = new Lease(`${tablesFile}-rebuilding`);
    const version = this.connection.db.prepareArrays<readonly [number]>('PRAGMA data_version');
    this.waiting = new Waiting({
      names: projections.map(({ name }) => name),
      reach: () => reachOf(this.connection.state, projections),
      dataVersion: () => version.get()![0],
      projecting: () => this.projector !== undefined,
    });
  }

  async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    if (!(await this.tryProjecting())) this.inBackground(this.awaitProjecting());
  }

  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await Promise.allSettled(this.background);
    this.waiting.close();
    this.endProjecting();
    this.connection.db.close();
  }

  reader(name: string): ProjectionReader {
    const reader = this.readers.get(name);
    if (!reader) throw new Error(`there is no projection ${name}`);
    return reader;
  }

  waitFor(position: string, options: { timeoutMs?: number; projections?: readonly string[] } = {}): Promise<boolean> {
    const asked = packPosition(position);
    if (asked === undefined) throw new RangeError(`${position} is not a position`);
    const names = options.projections ?? this.options.projections.map(({ name }) => name);
    return this.waiting.waitFor(asked, names, options.timeoutMs ?? WAIT_MS);
  }

  onAdvance(listener: (position: string) => void): () => void {
    return this.waiting.onAdvance((position) => listener(positionOf(position)));
  }

  async catchUp({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const head = await this.options.store.head();
    if (await this.asProjector((projector) => this.projectOnce(projector, signal))) return;
    for (const { name } of this.options.projections) await this.untilThere(name, head, signal);
  }

  async progress(): Promise<readonly Progress[]> {
    const head = Number(await this.options.store.head());
    return this.options.projections.map((projection) => progressOf(this.connection.state, projection, head));
  }

  async rebuild(options: Parameters<Runtime['rebuild']>[0] = {}): ReturnType<Runtime['rebuild']> {
    const projections = this.named(options.projection);
    const clock = this.options.clock ?? Date.now;
    const began = clock();
    if (!this.rebuilding.take()) throw new RebuildBusy();
    try {
      await this.freshen(options.signal);
      const { events, switched } = await this.build(projections, options);
      await this.freshen(options.signal);
      return { events, switched, seconds: (clock() - began) / 1_000 };
    } finally {
      this.rebuilding.release();
      this.waiting.notify();
    }
  }

  hash(only?: string): ReturnType<Runtime['hash']> {
    return hashLive(this.options, this.named(only));
  }

  private named(only: string | undefined): readonly Projection[] {
    const found = this.options.projections.filter(({ name }) => name === (only ?? name));
    if (found.length === 0) throw new Error(`there is no projection ${only}`);
    return found;
  }

  /** This process has the lease: from here on it folds what comes, and builds in the background what is not current. */
  private async project(): Promise<void> {
    const projector = this.openProjector();
    const outdated = await projector.prepare(this.stopping.signal);
    this.waiting.notify();
    this.inBackground(projector.run(this.stopping.signal, (fault) => this.options.onFault?.(fault)));
    if (outdated.length > 0) this.inBackground(this.buildInBackground(outdated));
  }

  /** False where another process, or this one in the background, projects already. */
  private async asProjector(work: (projector: Projector) => Promise<void>): Promise<boolean> {
    if (this.projector || !this.lease.take()) return false;
    try {
      await work(this.openProjector());
    } finally {
      this.endProjecting();
    }
    return true;
  }

  private async projectOnce(projector: Projector, signal?: AbortSignal): Promise<void> {
    const outdated = await projector.prepare(signal);
    if (outdated.length > 0) {
      while (!this.rebuilding.take()) await pause(LEASE_PAUSE_MS, undefined, { signal });
      try {
        await this.build(outdated, { signal });
      } finally {
        this.rebuilding.release();
      }
    }
    await projector.toHead(signal);
  }

  /** A rebuild compares with the live tables, so these are brought up to the head where nobody else does it. */
  private async freshen(signal?: AbortSignal): Promise<void> {
    await this.asProjector(async (projector) => {
      await projector.prepare(signal);
      await projector.toHead(signal);
    });
  }

  private build(
    projections: readonly Projection[],
    rest: Pick<RebuildOptions, 'signal' | 'onProgress'>,
  ): ReturnType<typeof rebuild> {
    const { store, tablesFile } = this.options;
    const batchSize = this.options.rebuildBatchSize ?? (this.started ? REBUILD_BATCH.serving : REBUILD_BATCH.alone);
    return rebuild({ store, tablesFile, projections, batchSize, ...rest });
  }

  private async buildInBackground(outdated: readonly Projection[]): Promise<void> {
    const { signal } = this.stopping;
    while (!this.rebuilding.take()) await pause(LEASE_PAUSE_MS, undefined, { signal });
    try {
      const left = outdated.filter((projection) => {
        const live = this.connection.state.find(projection.name, 'live');
        return !live || !isCurrent(live, projection);
      });
      if (left.length > 0) await this.build(left, { signal });
    } finally {
      this.rebuilding.release();
    }
    this.projector?.again();
    this.waiting.notify();
  }

  /** False while another process projects, or while the store does not answer: tables answer either way. */
  private async tryProjecting(): Promise<boolean> {
    if (!this.lease.take()) return false;
    try {
      await this.project();
      return true;
    } catch (error) {
      this.endProjecting();
      if (!(error instanceof Unavailable)) throw error;
      this.options.onFault?.(error);
      return false;
    }
  }

  private async awaitProjecting(): Promise<void> {
    while (!(await this.tryProjecting())) await pause(LEASE_PAUSE_MS, undefined, { signal: this.stopping.signal });
  }

  private openProjector(): Projector {
    const { store, projections, tablesFile, probe, batchSize = 1_000 } = this.options;
    this.projector = new Projector({
      store,
      projections,
      tablesFile,
      batchSize,
      onBatch: () => this.waiting.notify(),
      onFolded: probe && ((...batch) => probe.folded(...batch)),
    });
    return this.projector;
  }

  private endProjecting(): void {
    this.projector?.close();
    this.projector = undefined;
    this.lease.release();
  }

  private async untilThere(name: string, head: string, signal?: AbortSignal): Promise<void> {
    while (!(await this.waitFor(head, { projections: [name], timeoutMs: LEASE_PAUSE_MS }))) {
      signal?.throwIfAborted();
      this.stopping.signal.throwIfAborted();
      const progress = (await this.progress()).find((each) => each.name === name);
      if (progress?.status === 'poisoned') return;
    }
  }

  private inBackground(work: Promise<void>): void {
    const watched = work
      .catch((error) => {
        if (!this.stopping.signal.aborted) this.options.onFault?.(error);
      })
      .finally(() => this.background.delete(watched));
    this.background.add(watched);
  }
}
