import type { ApiDependencies } from '../dependencies';

/** Somebody or something that acts, as the schema shows it. */
export interface ActorView {
  readonly id: string;
  readonly name: string | undefined;
  readonly kind?: string;
  readonly onBehalfOf?: ActorView | null;
}

type Door = Pick<ApiDependencies, 'people'>;

export function actorView(door: Door, id: string, kind?: string, onBehalfOf?: string | null): ActorView {
  const name = door.people.nameOf(id);
  if (kind === undefined) return { id, name };
  return { id, name, kind, onBehalfOf: onBehalfOf ? actorView(door, onBehalfOf) : null };
}
