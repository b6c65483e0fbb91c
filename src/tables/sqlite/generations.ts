import { setImmediate as breathe } from 'node:timers/promises';
import type { Database } from '../../store/sqlite/driver';
import type { Role } from '../engine';
import type { Projection } from '../projection';
import { hopefulCreations } from './creations';
import { fillingDdl, keysDdl, type Layout, layoutsOf, sealingDdl, shapeOf } from './schema';
import { fillSearch, searchDdl } from './search';
import { dropGeneration, nextGeneration, openState, type Standing, writeStanding } from './state';

/** Runs as one transaction: all of it or nothing. Throws the driver's busy error while another process writes. */
export function transaction<T>(db: Database, body: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.rollback();
    throw error;
  }
}

/**
 * Runs steps as one transaction, and lets other work of this process in between them. Throws the driver's busy error
 * while another process writes, and the signal's reason when aborted.
 */
export async function longTransaction(db: Database, steps: () => Iterable<void>, signal?: AbortSignal): Promise<void> {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const _ of steps()) {
      await breathe();
      signal?.throwIfAborted();
    }
    db.exec('COMMIT');
  } catch (error) {
    db.rollback();
    throw error;
  }
}

/** Empty tables for a projection in a given role. Those that were there in this role are dropped. */
export function begin(db: Database, projection: Projection, role: Role): Standing {
  const before = openState(db).find(projection.name, role);
  if (before) dropGeneration(db, before.generation);
  const generation = nextGeneration(db);
  const layouts = layoutsOf(projection, generation);
  const standing: Standing = {
    name: projection.name,
    role,
    version: projection.version,
    generation,
    position: 0,
    shape: shapeOf(projection),
    sealed: role === 'live',
    poison: undefined,
    creations: Object.fromEntries([...layouts].map(([name, layout]) => [name, hopefulCreations(layout)])),
  };
  for (const layout of layouts.values()) {
    for (const statement of fillingDdl(layout)) db.exec(statement);
  }
  if (standing.sealed) for (const _ of complete(db, layouts));
  writeStanding(db, standing);
  return standing;
}

/** The unfinished build to go on with, or a new one where there is none of this very version and shape. */
export function beginOrResume(db: Database, projection: Projection): Standing {
  const found = openState(db).find(projection.name, 'build');
  if (!found || found.version !== projection.version || found.shape !== shapeOf(projection)) {
    return begin(db, projection, 'build');
  }
  const resumed = { ...found, poison: undefined };
  writeStanding(db, resumed);
  return resumed;
}

/** Gives filled tables what readers need, step by step. From then on folds keep it up to date. */
export function* seal(db: Database, projection: Projection): Iterable<void> {
  const found = openState(db).find(projection.name, 'build');
  if (!found || found.sealed) return;
  yield* complete(db, layoutsOf(projection, found.generation));
  writeStanding(db, { ...found, sealed: true });
}

function* complete(db: Database, layouts: ReadonlyMap<string, Layout>): Iterable<void> {
  // Keys first: the room that the tables leave behind is then taken by the indexes.
  for (const layout of layouts.values()) yield* run(db, keysDdl(layout));
  for (const layout of layouts.values()) {
    yield* run(db, sealingDdl(layout));
    if (layout.table.search === undefined) continue;
    yield* run(db, searchDdl(layout));
    yield* fillSearch(db, layout);
  }
}

function* run(db: Database, statements: readonly string[]): Iterable<void> {
  for (const statement of statements) {
    db.exec(statement);
    yield;
  }
}

/** Makes the build the live tables and drops those that answered so far. */
export function promote(db: Database, build: Standing): void {
  const live = openState(db).find(build.name, 'live');
  if (live) dropGeneration(db, live.generation);
  db.prepare('DELETE FROM runtime_projection WHERE name = ?').run(build.name);
  writeStanding(db, { ...build, role: 'live' });
}
