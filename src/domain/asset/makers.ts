import type { Metadata } from '../event';
import { canonicalId } from '../identity';
import type { AssetEventNamed } from './events';

/**
 * Everybody who made the bytes that a version added, as four eyes counts them: its author, whoever the author acted for,
 * and its contributors. Canonical ids, each once.
 */
export function makersOf(event: {
  readonly data: Pick<AssetEventNamed<'VersionAdded'>['data'], 'contributors'>;
  readonly metadata: Pick<Metadata, 'actorId' | 'onBehalfOf'>;
}): readonly string[] {
  const { actorId, onBehalfOf } = event.metadata;
  const named = [actorId, ...(onBehalfOf === undefined ? [] : [onBehalfOf]), ...(event.data.contributors ?? [])];
  return [...new Set(named.map(canonicalId))];
}
