import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Keeper, Lock, Reach, Snapshot, Standing, Survey, Work } from '../engine';
import type { Projection } from '../projection';
import type { ProjectionReader } from '../reader';
import { patiently } from '../replay';
import { Aside } from './aside';
import { ReadConnection } from './connection';
import { hashTables } from './hash';
import { isCurrent, SqliteKeeper } from './keeper';
import { Lease } from './lease';
import { SqliteReader } from './reader';
import { shapeOf } from './schema';
import { openState, prepareState } from './state';
import { openTables } from './tables';

/** How often another process's progress is checked while a caller waits. Milliseconds. */
const POLL_MS = 15;

/** Read models in one file beside the event store. The file is made where it is missing. */
export async function openSqliteEngine(tablesFile: string, projections: readonly Projection[]): Promise<Engine> {
  const db = openTables(tablesFile, { synchronous: 'NORMAL' });
  try {
    await patiently(() => prepareState(db));
  } finally {
    db.close();
  }
  return new SqliteEngine(tablesFile, projections);
}

/** What a reading thread runs: a file of its own beside the bundle. Sources have none, and are read without threads. */
function readingProgram(): string | undefined {
  const program = join(__dirname, 'readingthread.js');
  return existsSync(program) ? program : undefined;
}

class SqliteEngine implements Engine {
  // Small where this process answers in between, and where another waits to write to the same file.
  readonly rebuildBatch = { serving: 1_000, beside: 1_000, alone: 40_000 };
  private readonly connection: ReadConnection;
  private readonly locks: Readonly<Record<Work, Lock>>;

  constructor(
    private readonly tablesFile: string,
    private readonly projections: readonly Projection[],
  ) {
    const program = readingProgram();
    const aside = program === undefined ? undefined : new Aside(tablesFile, program);
    this.connection = new ReadConnection(openTables(tablesFile, { readOnly: true, cacheKiB: 16_000 }), aside);
    this.locks = {
      projecting: new Lease(`${tablesFile}-projecting`),
      rebuilding: new Lease(`${tablesFile}-rebuilding`),
    };
  }

  reader(projection: Projection): ProjectionReader {
    return new SqliteReader(this.connection, projection);
  }

  survey(): Survey {
    this.connection.turn.leave();
    return this.connection.state;
  }

  isCurrent(standing: Standing, projection: Projection): boolean {
    return isCurrent(standing, projection);
  }

  isReadable(standing: Standing, projection: Projection): boolean {
    return standing.shape === shapeOf(projection);
  }

  reach(): ReadonlyMap<string, Reach> {
    // The caller must see what was committed in this same turn.
    this.connection.turn.leave();
    const reach = new Map<string, Reach>();
    // In one statement, since whoever waits asks for it.
    const standings = this.connection.state.all().filter(({ role }) => role === 'live');
    for (const projection of this.projections) {
      const live = standings.find(({ name }) => name === projection.name);
      if (live && isCurrent(live, projection)) {
        reach.set(projection.name, { position: live.position, stuck: live.poison !== undefined });
      }
    }
    return reach;
  }

  watch(onChange: () => void): () => void {
    const version = this.connection.db.prepareArrays<readonly [number]>('PRAGMA data_version');
    let seen = -1;
    const timer = setInterval(() => {
      // Who projects knows of every advance.
      if (this.locks.projecting.held) return;
      const [found] = version.get()!;
      if (found === seen) return;
      seen = found;
      onChange();
    }, POLL_MS);
    return () => clearInterval(timer);
  }

  lock(work: Work): Lock {
    return this.locks[work];
  }

  keeper(work: Work): Keeper {
    return new SqliteKeeper(this.tablesFile, work);
  }

  async snapshot<T>(body: (snapshot: Snapshot) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const db = openTables(this.tablesFile, { readOnly: true, cacheKiB: 16_000 });
    try {
      db.exec('BEGIN');
      const hash: Snapshot['hash'] = (projection, generation, ordinalOf) =>
        hashTables(db, projection, generation, ordinalOf, signal);
      return await body({ survey: openState(db), hash });
    } finally {
      // Some drivers let go of a closed file later: what was read must not keep the log of writes from being emptied.
      db.rollback();
      db.close();
    }
  }

  close(): void {
    this.connection.aside?.close();
    this.connection.turn.leave();
    this.connection.db.close();
  }
}
