import type { Engine, Keeper, Lock, Reach, Snapshot, Standing, Survey, Work } from '../engine';
import type { Projection } from '../projection';
import type { ProjectionReader } from '../reader';
import { Desk } from './desk';
import { type Address, type Connections, connect, connections } from './driver';
import { hashTables } from './hash';
import { isCurrent, PostgresKeeper } from './keeper';
import { Listener } from './listener';
import { PostgresLock } from './lock';
import { explained, type Open, reachable } from './reachable';
import { type Known, PostgresReader } from './reader';
import { shapeOf } from './schema';
import { inTransaction, logSql, type Names, namesIn, Read, standingsSql } from './state';

/** Where read models are, when they are in PostgreSQL. */
export interface PostgresPlace extends Address {
  /** Everything of ours is in it, and nothing else should be. */
  readonly schema: string;
}

const READERS = 8;
/**
 * Statements are planned once, since planning costs more than answering; a page is small, so an index that gives it in
 * order is better than any sort.
 */
const READING =
  '-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0 -c enable_memoize=off';
/** Commits need not wait for the disk: what a crash takes is folded again, from the checkpoint that went with it. */
const WRITING =
  "SET synchronous_commit = off; SET jit = off; SET max_parallel_workers_per_gather = 0; SET maintenance_work_mem = '256MB'";

/**
 * Read models in PostgreSQL. One that does not answer now is waited for: what asks it meanwhile is told so.
 *
 * @public
 */
export async function openPostgresEngine(place: PostgresPlace, projections: readonly Projection[]): Promise<Engine> {
  const engine = new PostgresEngine(place, projections);
  await engine.start();
  return engine;
}

class PostgresEngine implements Engine {
  // Large, so that a row that changes often is seldom written.
  readonly rebuildBatch = { serving: 2_000, beside: 40_000, alone: 40_000 };
  private readonly names: Names;
  private readonly connections: Connections;
  private readonly listener: Listener;
  private readonly locks: Readonly<Record<Work, PostgresLock>>;
  private readonly watching = new Set<() => void>();
  private readonly open: Open;

  constructor(
    place: PostgresPlace,
    private readonly projections: readonly Projection[],
  ) {
    this.names = namesIn(place.schema);
    this.open = (application) => connect(place, application);
    this.connections = connections(place, { max: READERS, settings: READING });
    this.listener = new Listener(this.open, this.names, {
      changed: () => {
        for (const watch of [...this.watching]) watch();
      },
      // Who asked it something meanwhile would wait for as long as the network gives it.
      silent: () => this.connections.renew(),
    });
    this.locks = {
      projecting: new PostgresLock(this.open, this.names, 'projecting'),
      rebuilding: new PostgresLock(this.open, this.names, 'rebuilding'),
    };
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  reader(projection: Projection): ProjectionReader {
    return new PostgresReader(this.connections, this.names, this.known, projection);
  }

  survey(): Promise<Survey> {
    return reachable(this.readSurvey());
  }

  isCurrent(standing: Standing, projection: Projection): boolean {
    return isCurrent(standing, projection);
  }

  isReadable(standing: Standing, projection: Projection): boolean {
    return standing.shape === shapeOf(projection);
  }

  reach(): ReadonlyMap<string, Reach> {
    const reach = new Map<string, Reach>();
    for (const projection of this.projections) {
      const live = this.listener.live.get(projection.name);
      if (live && isCurrent(live, projection)) {
        reach.set(projection.name, { position: live.position, stuck: live.poison !== undefined });
      }
    }
    return reach;
  }

  watch(onChange: () => void): () => void {
    this.watching.add(onChange);
    return () => this.watching.delete(onChange);
  }

  lock(work: Work): Lock {
    return this.locks[work];
  }

  async keeper(work: Work): Promise<Keeper> {
    const connection = await reachable(this.open(`palimpsest ${work}, writing`));
    try {
      await reachable(connection.script(WRITING));
      const told = (standings: readonly Standing[]) => this.listener.learn(standings);
      return new PostgresKeeper(new Desk(connection, this.names, this.locks[work], told));
    } catch (error) {
      await connection.end().catch(() => undefined);
      throw error;
    }
  }

  async snapshot<T>(body: (snapshot: Snapshot) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const connection = await reachable(this.open('palimpsest snapshot'));
    try {
      const work = async () => {
        const [standings, log] = await connection.script(`${standingsSql(this.names)}; ${logSql(this.names)}`);
        const hash: Snapshot['hash'] = (projection, generation, ordinalOf) =>
          hashTables(connection, this.names, projection, generation, ordinalOf, signal);
        return body({ survey: new Read(standings!, log!), hash });
      };
      return await inTransaction(connection, work, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    } catch (error) {
      throw explained(error);
    } finally {
      await connection.end().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.listener.end();
    for (const lock of Object.values(this.locks)) await lock.release();
    await this.connections.end();
  }

  /** While progress is heard, what was heard last is known; otherwise it is asked for. */
  private readonly known: Known = {
    generation: async (name, shape, anew) => {
      const heard = anew ? undefined : this.listener.live.get(name);
      const live = heard?.shape === shape ? heard : (await this.readSurvey()).find(name, 'live');
      return live?.shape === shape ? live.generation : undefined;
    },
    position: async (name, shape) => {
      const heard = this.listener.deaf === undefined ? this.listener.live.get(name) : undefined;
      const live = heard ?? (await this.readSurvey()).find(name, 'live');
      return live?.shape === shape ? live.position : undefined;
    },
  };

  private async readSurvey(): Promise<Read> {
    const [standings, log] = await Promise.all([
      this.connections.query(standingsSql(this.names), []),
      this.connections.query(logSql(this.names), []),
    ]);
    const read = new Read(standings, log);
    this.listener.learn(read.standings);
    return read;
  }
}
