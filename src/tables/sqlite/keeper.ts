import type { Database } from '../../store/sqlite/driver';
import type { Keeper, Role, Standing, Target, Work } from '../engine';
import type { Projection } from '../projection';
import { patiently } from '../replay';
import { Words } from './dictionary';
import { begin, beginOrResume, longTransaction, promote, seal, transaction } from './generations';
import { shapeOf } from './schema';
import { Session } from './session';
import { clearTables, openState, type State, writeStanding } from './state';
import { openTables } from './tables';
import { SqliteTarget } from './target';

/** Page cache, in kibibytes: a rebuild touches every row there is. */
const CACHE_KIB = { projecting: 16_000, rebuilding: 64_000 };

/**
 * Pages in the log of writes from which it is folded back into the file, which waits for the disk: seldom, while much is
 * written. A serving process stands still meanwhile, so the more pages, the longer somebody waits.
 */
const LOGGED_PAGES = { projecting: 2_000, rebuilding: 8_000 };

/** The writing connection of one process to the tables file. */
export class SqliteKeeper implements Keeper {
  private readonly db: Database;
  private readonly state: State;
  private readonly words: Words;

  constructor(file: string, work: Work) {
    this.db = openTables(file, { synchronous: 'NORMAL', cacheKiB: CACHE_KIB[work] });
    this.db.exec(`PRAGMA wal_autocheckpoint = ${LOGGED_PAGES[work]}`);
    this.state = openState(this.db);
    this.words = new Words(this.db);
  }

  survey(): State {
    return this.state;
  }

  /** The event store was replaced: no other log uses this file, so its tables are emptied and rebuilt. */
  prepare(
    projections: readonly Projection[],
    how: { readonly foreign: string | undefined; readonly bulk: boolean; readonly signal?: AbortSignal },
  ): Promise<readonly Projection[]> {
    return this.transaction(() => {
      if (how.foreign !== undefined) clearTables(this.db);
      return projections.filter((projection) => !this.stand(projection, how.bulk));
    }, how.signal);
  }

  target(projections: readonly Projection[], role: Role, { batchSize = 1 }: Parameters<Keeper['target']>[2]): Target {
    const { db, words } = this;
    const sessions = projections.map((each) => new Session(db, words, each, role));
    // What a transaction touches waits in memory: of many projections, more for each event.
    const events = projections.length > 1 ? Math.ceil(batchSize / 2) : batchSize;
    return new SqliteTarget(db, words, sessions, events);
  }

  async beginOrResume(projection: Projection, signal?: AbortSignal): Promise<void> {
    await this.transaction(() => beginOrResume(this.db, projection), signal);
  }

  seal(projection: Projection, signal?: AbortSignal): Promise<void> {
    return patiently(() => longTransaction(this.db, () => seal(this.db, projection), signal), signal);
  }

  promote(projection: Projection, signal?: AbortSignal): Promise<boolean> {
    return this.transaction(() => {
      const live = this.state.find(projection.name, 'live');
      const build = this.state.find(projection.name, 'build');
      if (!build) throw new Error(`another process dropped the tables being built for ${projection.name}`);
      if (live && isCurrent(live, projection) && !live.poison && live.position !== build.position) return false;
      if (live && live.position > build.position) return false;
      promote(this.db, build);
      return true;
    }, signal);
  }

  /** A transaction that was broken off leaves nothing, and its lock at once. */
  close(): void {
    this.db.rollback();
    this.db.close();
  }

  /** True where the projection's tables can be folded on. A stopped fold gets another chance, since it may be mended. */
  private stand(projection: Projection, bulk: boolean): boolean {
    const live = this.state.find(projection.name, 'live');
    if (live && isCurrent(live, projection)) {
      if (live.poison) writeStanding(this.db, { ...live, poison: undefined });
      return true;
    }
    if (live || bulk) return false;
    begin(this.db, projection, 'live');
    return true;
  }

  private transaction<T>(body: () => T, signal?: AbortSignal): Promise<T> {
    return patiently(() => transaction(this.db, body), signal);
  }
}

export function isCurrent(standing: Standing, projection: Projection): boolean {
  return standing.version === projection.version && standing.shape === shapeOf(projection);
}
