import { positionOf } from '../store/instant';
import type { Store } from '../store/store';
import { EffectiveTimes } from './effective';
import type { Engine, Keeper, Poison, Standing, TablesHash } from './engine';
import { ordinals } from './ordinals';
import type { Projection } from './projection';
import { pages, replay } from './replay';

/** Rows of each table that stay in memory between batches. */
const CAPACITY = 20_000;
/** How often the end is tried for while the live tables keep moving on. */
const CHASES = 1_000;

/** Another process is rebuilding. */
export class RebuildBusy extends Error {
  override readonly name = 'RebuildBusy';
  constructor() {
    super('another process is rebuilding these tables; wait for it to end');
  }
}

/** The rebuilt tables hold something else than the live ones did at the same position. They answer from now on. */
export class RebuildDiffers extends Error {
  override readonly name = 'RebuildDiffers';
  constructor(
    readonly differences: readonly {
      readonly projection: string;
      readonly live: TablesHash;
      readonly rebuilt: TablesHash;
    }[],
  ) {
    const said = differences.map(
      ({ projection, live, rebuilt }) =>
        `${projection} (${live.rows} rows, ${live.sha256.slice(0, 12)} before; ${rebuilt.rows} rows, ${rebuilt.sha256.slice(0, 12)} rebuilt)`,
    );
    super(`the rebuilt tables differ from those that answered so far and have replaced them: ${said.join('; ')}`);
  }
}

/** The log holds an event that a fold cannot take, so its tables could not be rebuilt. */
export class RebuildPoisoned extends Error {
  override readonly name = 'RebuildPoisoned';
  constructor(
    readonly projection: string,
    readonly poison: Poison,
  ) {
    super(`${projection} cannot fold ${poison.type} at ${poison.position} in ${poison.stream}: ${poison.message}`);
  }
}

export interface RebuildOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly projections: readonly Projection[];
  /** Events in one transaction. Larger is faster and holds other writers up for longer. */
  readonly batchSize: number;
  readonly signal?: AbortSignal;
  /**
   * Events folded by this run, and about how many it will be, since some stores cannot tell before; when all are, what
   * is done to the new tables.
   */
  readonly onProgress?: (done: number, total: number, doing?: string) => void;
}

/** What a rebuild did: events folded, and the projections whose new tables answer now. */
export interface Rebuilt {
  readonly events: number;
  readonly switched: readonly string[];
}

/** Folds the log into new tables beside the live ones and puts them in their place. Goes on where a killed one stopped. */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const keeper = await options.engine.keeper('rebuilding');
  try {
    return await new Rebuild(keeper, options).run();
  } finally {
    await keeper.close();
  }
}

class Rebuild {
  private events = 0;

  constructor(
    private readonly keeper: Keeper,
    private readonly options: RebuildOptions,
  ) {}

  async run(): Promise<Rebuilt> {
    const { projections, signal } = this.options;
    for (const projection of projections) {
      await this.keeper.beginOrResume(projection, signal);
    }
    await this.fold(projections, Math.min(...(await Promise.all(projections.map((each) => this.goal(each))))));
    const differences: ConstructorParameters<typeof RebuildDiffers>[0][number][] = [];
    const stopped: RebuildPoisoned[] = [];
    const switched: string[] = [];
    // The last first: what its rows leave behind when they are put in order is taken by the indexes of the first.
    for (const projection of [...projections].reverse()) {
      const poisoned = await this.stoppedBefore(projection);
      if (poisoned) {
        stopped.push(poisoned);
        continue;
      }
      this.say('indexing', projection);
      await this.keeper.seal(projection, signal);
      const difference = await this.verify(projection);
      if (difference) differences.push({ projection: projection.name, ...difference });
      await this.switch(projection);
      switched.unshift(projection.name);
    }
    if (differences.length > 0) throw new RebuildDiffers(differences);
    if (stopped[0]) throw stopped[0];
    return { events: this.events, switched };
  }

  /**
   * Why new tables end before the log does, where others answer that are not worse. Where there are none, they answer up
   * to there, like any that are folded on and stop. The other projections go on either way.
   */
  private async stoppedBefore(projection: Projection): Promise<RebuildPoisoned | undefined> {
    const { poison } = await this.build(projection);
    const live = (await this.keeper.survey()).find(projection.name, 'live');
    return poison && live ? new RebuildPoisoned(projection.name, poison) : undefined;
  }

  /** As far as new tables should go: to where the live ones stand, if those are the same and move; otherwise to the head. */
  private async goal(projection: Projection): Promise<number> {
    const live = (await this.keeper.survey()).find(projection.name, 'live');
    return this.isComparable(live, projection) ? live.position : Number(await this.options.store.head());
  }

  private async fold(projections: readonly Projection[], goal: number): Promise<void> {
    while (!(await this.foldTo(projections, goal)));
  }

  /** What has come since. */
  private async foldOn(projection: Projection): Promise<void> {
    await this.fold([projection], await this.goal(projection));
    const stopped = await this.stoppedBefore(projection);
    if (stopped) throw stopped;
  }

  /** False where some tables stand before the others. */
  private async foldTo(projections: readonly Projection[], goal: number): Promise<boolean> {
    const { store, batchSize, signal, onProgress } = this.options;
    const builds = await Promise.all(projections.map((projection) => this.build(projection)));
    const after = Math.min(...builds.filter(({ poison }) => !poison).map(({ position }) => position));
    if (goal <= after) return true;
    const target = this.keeper.target(projections, 'build', { capacity: CAPACITY, batchSize });
    const range = store.readAll({ after: positionOf(after), until: positionOf(goal) });
    const before = this.events;
    return replay(pages(range), target, {
      after,
      times: new EffectiveTimes(store, after),
      batchSize: Math.min(batchSize, target.portion ?? batchSize),
      signal,
      onBatch: (position, events) => {
        this.events = before + events;
        // Positions count bytes in some stores; how many events they span is seen from those that were folded.
        const left = position >= goal ? 0 : Math.round((events * (goal - position)) / Math.max(1, position - after));
        onProgress?.(this.events, this.events + left);
      },
    });
  }

  /** Compares with the live tables at one position, where they are of the same version. */
  private async verify(projection: Projection): Promise<{ live: TablesHash; rebuilt: TablesHash } | undefined> {
    for (let left = CHASES; left > 0; left--) {
      await this.foldOn(projection);
      this.say('comparing', projection);
      const found = await this.compare(projection);
      if (found === 'moved') continue;
      return found;
    }
    throw new Error(`the live tables of ${projection.name} move on faster than a rebuild can follow`);
  }

  /** Both hashes are of one snapshot, so writers need not stop meanwhile. */
  private async compare(
    projection: Projection,
  ): Promise<{ live: TablesHash; rebuilt: TablesHash } | 'moved' | undefined> {
    const { engine, store, signal } = this.options;
    return engine.snapshot(async (snapshot) => {
      const live = snapshot.survey.find(projection.name, 'live');
      const build = snapshot.survey.find(projection.name, 'build');
      if (!this.isComparable(live, projection) || !build) return undefined;
      if (live.position !== build.position) return 'moved';
      const ordinalOf = await ordinals(store, snapshot.survey.log());
      const before = await snapshot.hash(projection, live.generation, ordinalOf);
      const rebuilt = await snapshot.hash(projection, build.generation, ordinalOf);
      return before.sha256 === rebuilt.sha256 ? undefined : { live: before, rebuilt };
    }, signal);
  }

  private async switch(projection: Projection): Promise<void> {
    for (let left = CHASES; left > 0; left--) {
      await this.foldOn(projection);
      this.say('switching', projection);
      if (await this.keeper.promote(projection, this.options.signal)) return;
    }
    throw new Error(`the live tables of ${projection.name} move on faster than a rebuild can follow`);
  }

  private say(doing: string, { name }: Projection): void {
    const { signal, onProgress } = this.options;
    signal?.throwIfAborted();
    onProgress?.(this.events, this.events, `${doing} ${name}`);
  }

  private async build(projection: Projection): Promise<Standing> {
    const build = (await this.keeper.survey()).find(projection.name, 'build');
    if (!build) throw new Error(`another process dropped the tables being built for ${projection.name}`);
    return build;
  }

  private isComparable(live: Standing | undefined, projection: Projection): live is Standing {
    return live !== undefined && this.options.engine.isCurrent(live, projection) && live.poison === undefined;
  }
}
