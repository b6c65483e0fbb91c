import { openDatabase } from '../sqlite';
import { positionOf } from '../store/instant';
import type { Store } from '../store/store';
import { ordinals } from './ordinals';
import type { Projection } from './projection';
import { isCurrent } from './projector';
import { hashTables } from './sqlite/hash';
import { TablesNotReady } from './sqlite/reader';
import { openState } from './sqlite/state';

export interface Hashes {
  /** Everything hashed stands here at least. */
  readonly position: string;
  readonly projections: Readonly<Record<string, { version: number; rows: number; sha256: string }>>;
}

/** Hashes live tables, all in one snapshot. Throws TablesNotReady where there are none of today's version. */
export async function hashLive(
  { store, tablesFile }: { readonly store: Store; readonly tablesFile: string },
  projections: readonly Projection[],
): Promise<Hashes> {
  const db = openDatabase(tablesFile, { readOnly: true, cacheKiB: 16_000 });
  try {
    db.exec('BEGIN');
    const state = openState(db);
    const ordinalOf = await ordinals(store, state.log());
    let position = Number.POSITIVE_INFINITY;
    const hashes: Record<string, { version: number; rows: number; sha256: string }> = {};
    for (const projection of projections) {
      const live = state.find(projection.name, 'live');
      if (!live || !isCurrent(live, projection)) throw new TablesNotReady(projection.name);
      position = Math.min(position, live.position);
      const hash = await hashTables(db, projection, live.generation, ordinalOf);
      hashes[projection.name] = { version: live.version, ...hash };
    }
    return { position: positionOf(position), projections: hashes };
  } finally {
    db.close();
  }
}
