import type { At, ProjectionReader } from '../../src/tables/reader';
import { type FactsRow, facts, type RenditionRow, rendition } from './tables';

/** What contents say of themselves, in the order of the digests; undefined where no analyser read them. */
export function factsOf(
  reader: ProjectionReader,
  digests: readonly string[],
  at?: At,
): Promise<readonly (FactsRow | undefined)[]> {
  return reader.getMany(
    facts,
    digests.map((digest) => ({ digest })),
    at,
  );
}

/** Renditions of a content for these profiles, in their order; undefined where none was reported. */
export function renditionsOf(
  reader: ProjectionReader,
  digest: string,
  profiles: readonly string[],
  at?: At,
): Promise<readonly (RenditionRow | undefined)[]> {
  return reader.getMany(
    rendition,
    profiles.map((profile) => ({ digest, profile })),
    at,
  );
}
