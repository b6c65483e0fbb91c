import { positionOf } from '../store/instant';
import type { Store } from '../store/store';
import { type Engine, TablesNotReady } from './engine';
import { ordinals } from './ordinals';
import type { Projection } from './projection';

export interface Hashes {
  /** Everything hashed stands here at least. */
  readonly position: string;
  readonly projections: Readonly<Record<string, { version: number; rows: number; sha256: string }>>;
}

/** Hashes live tables, all in one snapshot. Throws TablesNotReady where there are none of today's version. */
export function hashLive(
  engine: Engine,
  store: Store,
  projections: readonly Projection[],
  signal?: AbortSignal,
): Promise<Hashes> {
  return engine.snapshot(async (snapshot) => {
    const { survey } = snapshot;
    const ordinalOf = await ordinals(store, survey.log());
    let position = Number.POSITIVE_INFINITY;
    const hashes: Record<string, { version: number; rows: number; sha256: string }> = {};
    for (const projection of projections) {
      const live = survey.find(projection.name, 'live');
      if (!live || !engine.isCurrent(live, projection)) throw new TablesNotReady(projection.name);
      position = Math.min(position, live.position);
      const hash = await snapshot.hash(projection, live.generation, ordinalOf);
      hashes[projection.name] = { version: live.version, ...hash };
    }
    return { position: positionOf(position), projections: hashes };
  }, signal);
}
