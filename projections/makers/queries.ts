import type { ProjectionReader } from '../../src/tables/reader';
import { maker } from './tables';

/** Whether one of these actors, by canonical id, is among the makers of the bytes with this digest. */
export async function isMaker(reader: ProjectionReader, digest: string, ids: readonly string[]): Promise<boolean> {
  const rows = await reader.getMany(
    maker,
    ids.map((id) => ({ digest, maker: id })),
  );
  return rows.some((row) => row !== undefined);
}
