import type { At, ProjectionReader } from '../../src/tables/reader';
import { type CustodyRow, custody } from './tables';

/** What is known of contents by their digests, in that order; undefined where nobody looked at that moment. */
export function custodiesOf(
  reader: ProjectionReader,
  digests: readonly string[],
  at?: At,
): Promise<readonly (CustodyRow | undefined)[]> {
  return reader.getMany(
    custody,
    digests.map((digest) => ({ digest })),
    at,
  );
}

/** Contents whose last check found them missing or damaged, in the order of their digests. */
export function faultyContents(reader: ProjectionReader, limit: number): Promise<readonly CustodyRow[]> {
  return reader.select(custody, { limit, where: { fixity: { in: ['missing', 'damaged'] } } });
}
