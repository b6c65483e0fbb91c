import { actorId } from '../ids';
import type { Moment } from '../moment';

/** An actor, under the names of the schema. */
export class ActorView {
  readonly __typename = 'Actor';

  constructor(
    /** As in the log. */
    readonly opaqueId: string,
    readonly moment: Moment,
  ) {}

  /** Without a moment: name and kind of an actor are current in every answer. */
  get id(): string {
    return actorId(this.opaqueId);
  }
  get name(): string | undefined {
    return this.moment.door.people.nameOf(this.opaqueId);
  }
}

export const actorView = (opaqueId: string | null | undefined, moment: Moment): ActorView | null =>
  opaqueId === null || opaqueId === undefined ? null : new ActorView(opaqueId, moment);
