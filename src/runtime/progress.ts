import { positionOf } from '../store/instant';
import type { Projection } from './projection';
import { isCurrent } from './projector';
import type { Poison, State } from './sqlite/state';
import type { Reach } from './waiting';

export interface Progress {
  readonly name: string;
  /** Version of the tables that answer; of the code where there are none yet. */
  readonly version: number;
  readonly position: string;
  readonly status: 'live' | 'catchingUp' | 'rebuilding' | 'poisoned' | 'waiting';
  readonly poison?: Poison;
  readonly rebuild?: { readonly position: string };
}

/** Where one projection stands, for a log that ends at `head`. */
export function progressOf(state: State, projection: Projection, head: number): Progress {
  const live = state.find(projection.name, 'live');
  const build = state.find(projection.name, 'build');
  const current = live !== undefined && isCurrent(live, projection);
  const poison = (current ? live.poison : undefined) ?? build?.poison;
  let status: Progress['status'] = 'live';
  if (poison) status = 'poisoned';
  else if (!current) status = build ? 'rebuilding' : 'waiting';
  else if (live.position < head) status = 'catchingUp';
  return {
    name: projection.name,
    version: live?.version ?? projection.version,
    position: positionOf(live?.position ?? 0),
    status,
    ...(poison && { poison }),
    ...(build && { rebuild: { position: positionOf(build.position) } }),
  };
}

/** How far each projection can be read; one without tables of today's version is not in it. */
export function reachOf(state: State, projections: readonly Projection[]): ReadonlyMap<string, Reach> {
  const reach = new Map<string, Reach>();
  for (const projection of projections) {
    const live = state.find(projection.name, 'live');
    if (live && isCurrent(live, projection)) {
      reach.set(projection.name, { position: live.position, stuck: live.poison !== undefined });
    }
  }
  return reach;
}
