import { canonicalJson } from '../canonical';
import type { Actor } from '../event';
import { canonicalId } from '../identity';
import type { AssetEventNamed } from './events';
import type { Digest } from './parts';

export interface Annotation {
  readonly annotation: string;
  readonly thread: string;
  readonly version: number;
  readonly digest: Digest;
  readonly said: string;
}

/** The same remark of the same person on the same place is one. */
export function remarkOf(
  actor: Pick<Actor, 'id' | 'onBehalfOf'>,
  said: Pick<AssetEventNamed<'AnnotationMade'>['data'], 'version' | 'text' | 'thread' | 'region' | 'time' | 'page'>,
): string {
  const { version, text, thread, region, time, page } = said;
  return canonicalJson([canonicalId(actor.onBehalfOf ?? actor.id), version, text, thread, region, time, page]);
}

export function annotated(
  data: AssetEventNamed<'AnnotationMade'>['data'],
  actor: Pick<Actor, 'id' | 'onBehalfOf'>,
): Annotation {
  const { annotation, thread = annotation, version, digest } = data;
  return { annotation, thread, version, digest, said: remarkOf(actor, data) };
}
