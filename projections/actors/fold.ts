import { EVENT_TYPES, type Recorded } from '../../src/domain/catalogue';
import type { ActorKind } from '../../src/domain/event';
import { type Projection, projection, type RowsOf } from '../../src/tables/projection';
import { tables } from './tables';

/**
 * One row for each actor. Its kind is the one under which it acted last. What an import records was done elsewhere, so
 * `import` is the kind only of an actor that never acted in another way.
 */
export const actors = projection({
  name: 'actors',
  version: 2,
  tables,
  on: Object.fromEntries(EVENT_TYPES.map((type) => [type, meet])) as Projection<typeof tables>['on'],
});

function meet(event: Recorded, { actor }: RowsOf<typeof tables>): void {
  const { actorId, actorKind, onBehalfOf } = event.metadata;
  const before = actor.get({ actor: actorId });
  const since = before?.since ?? event.position;
  const kind = kindAfter(before?.kind ?? null, actorKind);
  if (before === undefined || before.kind !== kind) actor.put({ actor: actorId, kind, since });
  const named = event.type === 'VersionAdded' ? (event.data.contributors ?? []) : [];
  for (const id of onBehalfOf === undefined ? named : [onBehalfOf, ...named]) {
    if (actor.get({ actor: id }) === undefined) actor.put({ actor: id, kind: null, since: event.position });
  }
}

function kindAfter(before: string | null, acted: ActorKind): string {
  return acted === 'import' ? (before ?? acted) : acted;
}
