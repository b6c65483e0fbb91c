import { positionOf } from '../store/instant';
import type { Engine, Poison, Survey } from './engine';
import type { Projection } from './projection';

export interface Progress {
  readonly name: string;
  /** Version of the tables that answer; of the code where there are none yet. */
  readonly version: number;
  /** Of the tables that can be read; where there are none, before every event. */
  readonly position: string;
  readonly status: 'live' | 'catchingUp' | 'rebuilding' | 'poisoned' | 'waiting';
  readonly poison?: Poison;
  readonly rebuild?: { readonly position: string };
}

/** Where one projection stands, for a log that ends at `head`. */
export function progressOf(
  engine: Pick<Engine, 'isCurrent' | 'isReadable'>,
  survey: Survey,
  projection: Projection,
  head: number,
): Progress {
  const live = survey.find(projection.name, 'live');
  const build = survey.find(projection.name, 'build');
  const current = live !== undefined && engine.isCurrent(live, projection);
  const poison = (current ? live.poison : undefined) ?? build?.poison;
  let status: Progress['status'] = 'live';
  if (poison) status = 'poisoned';
  else if (!current) status = build ? 'rebuilding' : 'waiting';
  else if (live.position < head) status = 'catchingUp';
  return {
    name: projection.name,
    version: live?.version ?? projection.version,
    position: positionOf(live && engine.isReadable(live, projection) ? live.position : 0),
    status,
    ...(poison && { poison }),
    ...(build && { rebuild: { position: positionOf(build.position) } }),
  };
}
