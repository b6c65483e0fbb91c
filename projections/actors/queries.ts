import type { ProjectionReader } from '../../src/tables/reader';
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
