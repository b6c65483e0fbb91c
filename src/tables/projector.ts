import { setTimeout as pause } from 'node:timers/promises';
import { positionOf } from '../store/instant';
import type { Store } from '../store/store';
import { EffectiveTimes } from './effective';
import type { Engine, Keeper, LogMark, Target } from './engine';
import type { FoldProbe } from './probe';
import type { Projection } from './projection';
import { pages, type ReplayOptions, replay } from './replay';

/** A log longer than this is folded into new tables in bulk, which is many times faster than row by row. */
const BULK_FROM = 2_000;
/** Rows of each table that stay in memory between batches. */
const CAPACITY = 4_000;
const RETRY_MS = { first: 50, last: 2_000 };

export interface ProjectorOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly projections: readonly Projection[];
  readonly batchSize: number;
  /** Tables advanced. */
  readonly onBatch: () => void;
  /** Lets events gather before the next batch. */
  readonly gather: (signal?: AbortSignal) => Promise<void>;
  readonly onFolded?: FoldProbe['folded'] | undefined;
}

/** Keeps the live tables at the head of the log. Only the process that holds the lease may use it. */
export class Projector {
  private readonly target: Target;
  private round = new AbortController();

  private constructor(
    private readonly keeper: Keeper,
    private readonly options: ProjectorOptions,
  ) {
    this.target = keeper.target(options.projections, 'live', { capacity: CAPACITY });
  }

  static async open(options: ProjectorOptions): Promise<Projector> {
    return new Projector(await options.engine.keeper('projecting'), options);
  }

  /** Brings the tables into a state to go on from. Gives the projections whose tables must be built first. */
  async prepare(signal?: AbortSignal): Promise<readonly Projection[]> {
    const { store, projections } = this.options;
    const head = Number(await store.head());
    const survey = await this.keeper.survey();
    const foreign = await this.otherLog(survey.log(), head);
    const fresh = foreign !== undefined || projections.some(({ name }) => survey.find(name, 'live') === undefined);
    const bulk = fresh && head > BULK_FROM && (await this.isLong());
    return this.keeper.prepare(projections, { foreign, bulk, signal });
  }

  /** Positions may have gaps, so that only counting tells how many events there are. */
  private async isLong(): Promise<boolean> {
    let events = 0;
    for await (const page of this.options.store.readAll({ limit: BULK_FROM + 1 })) events += page.length;
    return events > BULK_FROM;
  }

  /** Folds what the log has now. */
  async toHead(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const after = await this.lowest();
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
        const after = await this.lowest();
        const deliveries = this.options.store.subscribe({ after: positionOf(after), signal: round });
        const onBatch = () => {
          wait = RETRY_MS.first;
        };
        await this.fold(deliveries, { after, signal: round, gather: this.options.gather, onBatch });
      } catch (error) {
        if (round.aborted && !signal.aborted) continue;
        // What took the lock away is a fault like any other; that it is gone is none.
        if ((error as Error).name !== 'AbortError') onFault(error);
        if (signal.aborted) return;
        await pause(wait, undefined, { signal }).catch(() => undefined);
        wait = Math.min(wait * 2, RETRY_MS.last);
      }
    }
  }

  /** Looks anew where the tables stand: new ones may have come that lack the last events. */
  again(): void {
    this.round.abort();
  }

  async close(): Promise<void> {
    await this.keeper.close();
  }

  private fold(
    deliveries: Parameters<typeof replay>[0],
    options: Pick<ReplayOptions, 'after' | 'signal' | 'gather'> & { readonly onBatch?: () => void },
  ): Promise<boolean> {
    return replay(deliveries, this.target, {
      ...options,
      times: new EffectiveTimes(this.options.store, options.after),
      batchSize: this.options.batchSize,
      onFolded: this.options.onFolded,
      onBatch: () => {
        options.onBatch?.();
        this.options.onBatch();
      },
    });
  }

  /** Where everything that can be folded on stands, at least. */
  private async lowest(): Promise<number> {
    const { engine, projections } = this.options;
    const survey = await this.keeper.survey();
    let lowest = survey.log().position;
    for (const projection of projections) {
      const live = survey.find(projection.name, 'live');
      if (live && engine.isCurrent(live, projection) && !live.poison) lowest = Math.min(lowest, live.position);
    }
    return lowest;
  }

  /** Why the tables are not of this log, where the event store was exchanged or set back under them. */
  private async otherLog({ position, lastId }: LogMark, head: number): Promise<string | undefined> {
    if (position === 0) return undefined;
    if (position > head) return `they stand at ${positionOf(position)}, and the log ends at ${positionOf(head)}`;
    const other = `the log holds another event at ${positionOf(position)} than they were folded from`;
    for await (const page of this.options.store.readAll({ after: positionOf(position - 1), limit: 1 })) {
      return page[0]?.id === lastId ? undefined : other;
    }
    return other;
  }
}
