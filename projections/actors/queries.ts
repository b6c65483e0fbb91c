import type { ProjectionReader } from '../../src/tables/reader';
import { listOf } from '../list';
import { type ActorRow, actor } from './tables';

/** Actors by their opaque ids, in that order; undefined for an id that the log does not name. */
export function actorsById(
  reader: ProjectionReader,
  ids: readonly string[],
): Promise<readonly (ActorRow | undefined)[]> {
  return reader.getMany(
    actor,
    ids.map((id) => ({ actor: id })),
  );
}

/** Everybody whom the log names, in the order in which it first did. */
export const actors = listOf({
  name: 'actors',
  projection: 'actors',
  table: actor,
  orders: { met: 'since' },
  usual: { by: 'met', direction: 'asc' },
  filters: {},
});
