import { setTimeout as pause } from 'node:timers/promises';
import { positionOf } from '../store/instant';
import type { Store } from '../store/store';
import type { Engine } from './engine';
import { type Hashes, hashLive } from './hashes';
import { packPosition } from './numbers';
import { openEngine, type TablesPlace } from './opening';
import type { FoldProbe } from './probe';
import { type Progress, progressOf } from './progress';
import { LOCK_PAUSE_MS, Projecting } from './projecting';
import type { Projection } from './projection';
import type { Projector } from './projector';
import type { ProjectionReader } from './reader';
import { RebuildBusy, RebuildDiffers, type RebuildOptions, RebuildPoisoned, rebuild } from './rebuild';
import { Waiting } from './waiting';

const WAIT_MS = 5_000;
/** A transaction costs more than a few rows: what follows a batch closely is folded together, unless somebody waits. */
const GATHER_MS = 15;

export interface Runtime {
  /** Whether this process keeps the tables up to date: it holds the projector's lock. */
  readonly projects: boolean;
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
    readonly onProgress?: RebuildOptions['onProgress'];
  }): Promise<{ readonly events: number; readonly seconds: number; readonly switched: readonly string[] }>;
  /** Canonical hashes of the live tables of one projection, or of all. */
  hash(projection?: string, options?: { readonly signal?: AbortSignal }): Promise<Hashes>;
}

export interface RuntimeOptions {
  readonly store: Store;
  readonly projections: readonly Projection[];
  /** Where the read models are: in a file, or in a schema of PostgreSQL. */
  readonly tables: TablesPlace;
  /** Events folded in one transaction at most while projecting. Default 1,000. */
  readonly batchSize?: number;
  /** Events folded in one transaction of a rebuild. Default: what the tables take best, few beside live projecting. */
  readonly rebuildBatchSize?: number;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly clock?: () => number;
  /** What went wrong outside a fold and is tried again: a store that cannot be reached, a full disk. */
  readonly onFault?: (fault: unknown) => void;
  /** Watches every batch that this process folds into live tables. Default: none. */
  readonly probe?: FoldProbe | undefined;
}

/** Opens the tables, which are made where they are missing. Nothing is projected before `start` or `catchUp`. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const names = new Set(options.projections.map(({ name }) => name));
  if (names.size < options.projections.length) throw new Error('two projections have the same name');
  return new TablesRuntime(await openEngine(options), options);
}

class TablesRuntime implements Runtime {
  private readonly readers: ReadonlyMap<string, ProjectionReader>;
  private readonly waiting: Waiting;
  private readonly stopping = new AbortController();
  private readonly background = new Set<Promise<void>>();
  private readonly projecting: Projecting;
  private lastFault = '';
  private started = false;

  constructor(
    private readonly engine: Engine,
    private readonly options: RuntimeOptions,
  ) {
    const { projections, probe } = options;
    this.readers = new Map(projections.map((each) => [each.name, engine.reader(each)]));
    this.waiting = new Waiting(
      projections.map(({ name }) => name),
      engine,
    );
    this.projecting = new Projecting({
      engine,
      store: options.store,
      projections,
      batchSize: options.batchSize ?? 1_000,
      stopping: this.stopping.signal,
      onFolded: probe && ((...batch) => probe.folded(...batch)),
      onBatch: () => {
        this.lastFault = '';
        this.waiting.notify();
      },
      gather: (signal) => this.waiting.nobodyFor(GATHER_MS, signal),
      inBackground: (work) => this.inBackground(work),
      onOutdated: (outdated) => this.inBackground(this.buildInBackground(outdated)),
      onFault: (fault) => this.fault(fault),
    });
  }

  get projects(): boolean {
    return this.projecting.projects;
  }

  async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    await this.projecting.start();
  }

  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    // What ends may have begun something else just before.
    while (this.background.size > 0) await Promise.allSettled(this.background);
    this.waiting.close();
    await this.projecting.end();
    await this.engine.close();
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
    if (await this.projecting.once((projector) => this.projectOnce(projector, signal))) return;
    for (const { name } of this.options.projections) await this.untilThere(name, head, signal);
  }

  async progress(): Promise<readonly Progress[]> {
    if (this.projecting.refused) throw this.projecting.refused;
    const head = Number(await this.options.store.head());
    const survey = await this.engine.survey();
    return this.options.projections.map((projection) => progressOf(this.engine, survey, projection, head));
  }

  async rebuild(options: Parameters<Runtime['rebuild']>[0] = {}): ReturnType<Runtime['rebuild']> {
    const projections = this.named(options.projection);
    const clock = this.options.clock ?? Date.now;
    const began = clock();
    const lock = this.engine.lock('rebuilding');
    if (!(await lock.take())) throw new RebuildBusy();
    try {
      const alone = await this.freshen(options.signal);
      const { events, switched } = await this.build(projections, options, alone ? 'alone' : 'beside');
      await this.freshen(options.signal);
      return { events, switched, seconds: (clock() - began) / 1_000 };
    } finally {
      await lock.release();
      this.waiting.notify();
    }
  }

  async hash(only?: string, { signal }: { readonly signal?: AbortSignal } = {}): ReturnType<Runtime['hash']> {
    return hashLive(this.engine, this.options.store, this.named(only), signal);
  }

  private named(only: string | undefined): readonly Projection[] {
    const found = this.options.projections.filter(({ name }) => name === (only ?? name));
    if (found.length === 0) throw new Error(`there is no projection ${only}`);
    return found;
  }

  private async projectOnce(projector: Projector, signal?: AbortSignal): Promise<void> {
    const outdated = await projector.prepare(signal);
    if (outdated.length > 0) {
      const lock = this.engine.lock('rebuilding');
      while (!(await lock.take())) await pause(LOCK_PAUSE_MS, undefined, { signal });
      try {
        await this.build(outdated, { signal });
      } finally {
        await lock.release();
      }
    }
    await projector.toHead(signal);
  }

  /**
   * A rebuild compares with the live tables, so these are brought up to the head where nobody else does it. False where
   * somebody else does.
   */
  private freshen(signal?: AbortSignal): Promise<boolean> {
    return this.projecting.once(async (projector) => {
      await projector.prepare(signal);
      await projector.toHead(signal);
    });
  }

  private build(
    projections: readonly Projection[],
    rest: Pick<RebuildOptions, 'signal' | 'onProgress'>,
    company: 'alone' | 'beside' = 'alone',
  ): ReturnType<typeof rebuild> {
    const { store } = this.options;
    const batchSize = this.options.rebuildBatchSize ?? this.engine.rebuildBatch[this.started ? 'serving' : company];
    return rebuild({ store, engine: this.engine, projections, batchSize, ...rest });
  }

  private async buildInBackground(outdated: readonly Projection[]): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      try {
        if (await this.buildOnce(outdated, signal)) break;
      } catch (error) {
        // What the tables say of the log, they will say again; a full disk, or whatever else it is, may pass.
        if (error instanceof RebuildDiffers || error instanceof RebuildPoisoned || signal.aborted) {
          this.fault(error);
          break;
        }
        this.fault(error);
      }
      await pause(LOCK_PAUSE_MS, undefined, { signal });
    }
    this.projecting.again();
    this.waiting.notify();
  }

  private async buildOnce(outdated: readonly Projection[], signal: AbortSignal): Promise<boolean> {
    const lock = this.engine.lock('rebuilding');
    if (!(await lock.take())) return false;
    try {
      const survey = await this.engine.survey();
      const left = outdated.filter((projection) => {
        const live = survey.find(projection.name, 'live');
        return !live || !this.engine.isCurrent(live, projection);
      });
      if (left.length > 0) await this.build(left, { signal });
      return true;
    } finally {
      await lock.release();
    }
  }

  private async untilThere(name: string, head: string, signal?: AbortSignal): Promise<void> {
    while (!(await this.waitFor(head, { projections: [name], timeoutMs: LOCK_PAUSE_MS }))) {
      signal?.throwIfAborted();
      this.stopping.signal.throwIfAborted();
      const progress = (await this.progress()).find((each) => each.name === name);
      if (progress?.status === 'poisoned') return;
    }
  }

  private inBackground(work: Promise<void>): void {
    const watched = work
      .catch((error) => {
        if (!this.stopping.signal.aborted) this.fault(error);
      })
      .finally(() => this.background.delete(watched));
    this.background.add(watched);
  }

  /** What goes wrong again and again is said once. */
  private fault(fault: unknown): void {
    if (String(fault) === this.lastFault) return;
    this.lastFault = String(fault);
    this.options.onFault?.(fault);
  }
}
