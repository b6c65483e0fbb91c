import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase } from '../sqlite';
import { positionOf } from '../store/instant';
import type { Store } from '../store/store';
import type { Probe } from './probe';
import type { Projection } from './projection';
import { pages, patiently, type ReplayOptions, replay } from './replay';
import { begin, transaction } from './sqlite/generations';
import { shapeOf } from './sqlite/schema';
import { Session } from './sqlite/session';
import { clearTables, openState, type Standing, type State, writeStanding } from './sqlite/state';
import { SqliteTarget } from './sqlite/target';
import { Words } from './sqlite/words';

/** A log longer than this is folded into new tables in bulk, which is many times faster than row by row. */
const BULK_FROM = 2_000;
/** Rows of each table that stay in memory between batches. */
const CAPACITY = 4_000;
/**
 * A transaction for every small commit costs more than its rows. So the first event after a rest is folded at once, and
 * what follows it closely is folded together.
 */
const GATHER_MS = 15;
const RETRY_MS = { first: 50, last: 2_000 };

export interface ProjectorOptions {
  readonly store: Store;
  readonly projections: readonly Projection[];
  readonly tablesFile: string;
  readonly batchSize: number;
  /** Tables advanced. */
  readonly onBatch: () => void;
  readonly onFolded?: Probe['folded'] | undefined;
}

/** Keeps the live tables at the head of the log. Only the process that holds the lease may use it. */
export class Projector {
  private readonly db: Database;
  private readonly state: State;
  private readonly target: SqliteTarget;
  private round = new AbortController();

  constructor(private readonly options: ProjectorOptions) {
    this.db = openDatabase(options.tablesFile, { synchronous: 'NORMAL', cacheKiB: 16_000 });
    this.state = openState(this.db);
    const words = new Words(this.db);
    const sessions = options.projections.map((projection) => new Session(this.db, words, projection, 'live', CAPACITY));
    this.target = new SqliteTarget(this.db, words, sessions, { moments: true });
  }

  /** Brings the tables file into a state to go on from. Gives the projections whose tables must be built first. */
  async prepare(signal?: AbortSignal): Promise<readonly Projection[]> {
    const { store, projections } = this.options;
    const head = Number(await store.head());
    const foreign = await this.isOfAnotherLog(head);
    return patiently(
      () =>
        transaction(this.db, () => {
          if (foreign) clearTables(this.db);
          return projections.filter((projection) => !this.stand(projection, head));
        }),
      signal,
    );
  }

  /** Folds what the log has now. */
  async toHead(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const after = this.lowest();
      const range = this.options.store.readAll({ after: positionOf(after) });
      if (await this.fold(pages(range), { after, signal })) return;
    }
  }

  /** Folds for ever, as events come. Ends with its signal; what goes wrong outside a fold is tried again. */
  async run(signal: AbortSignal, onFault: (fault: unknown) => void): Promise<void> {
    let wait = RETRY_MS.first;
    while (!signal.aborted) {
      this.round = new AbortController();
      const round = AbortSignal.any([signal, this.round.signal]);
      try {
        const after = this.lowest();
        const deliveries = this.options.store.subscribe({ after: positionOf(after), signal: round });
        const onBatch = () => {
          wait = RETRY_MS.first;
        };
        await this.fold(deliveries, { after, signal: round, gatherMs: GATHER_MS, onBatch });
      } catch (error) {
        if (signal.aborted) return;
        if (round.aborted) continue;
        onFault(error);
        await pause(wait, undefined, { signal }).catch(() => undefined);
        wait = Math.min(wait * 2, RETRY_MS.last);
      }
    }
  }

  /** Looks anew where the tables stand: new ones may have come that lack the last events. */
  again(): void {
    this.round.abort();
  }

  close(): void {
    this.db.close();
  }

  private fold(
    deliveries: Parameters<typeof replay>[0],
    options: Pick<ReplayOptions, 'after' | 'signal' | 'gatherMs'> & { readonly onBatch?: () => void },
  ): Promise<boolean> {
    return replay(deliveries, this.target, {
      ...options,
      batchSize: this.options.batchSize,
      onFolded: this.options.onFolded,
      onBatch: () => {
        options.onBatch?.();
        this.options.onBatch();
      },
    });
  }

  /** True where the projection's tables can be folded on. A stopped fold gets another chance, since it may be mended. */
  private stand(projection: Projection, head: number): boolean {
    const live = this.state.find(projection.name, 'live');
    if (live && isCurrent(live, projection)) {
      if (live.poison) writeStanding(this.db, { ...live, poison: undefined });
      return true;
    }
    if (live || head > BULK_FROM) return false;
    begin(this.db, projection, 'live');
    return true;
  }

  /** Where everything that can be folded on stands, at least. */
  private lowest(): number {
    let lowest = this.state.log().position;
    for (const projection of this.options.projections) {
      const live = this.state.find(projection.name, 'live');
      if (live && isCurrent(live, projection) && !live.poison) lowest = Math.min(lowest, live.position);
    }
    return lowest;
  }

  /** The event store was exchanged under the tables: what they hold is of events that are not in this log. */
  private async isOfAnotherLog(head: number): Promise<boolean> {
    const { position, lastId } = this.state.log();
    if (position === 0) return false;
    if (position > head) return true;
    for await (const page of this.options.store.readAll({ after: positionOf(position - 1), limit: 1 })) {
      return page[0]?.id !== lastId;
    }
    return true;
  }
}

export function isCurrent(standing: Standing, projection: Projection): boolean {
  return standing.version === projection.version && standing.shape === shapeOf(projection);
}
