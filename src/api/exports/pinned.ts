import type { At } from '../../tables/reader';
import { Asking, type PointInTime } from '../asking';
import type { Session } from '../claims';
import type { ApiDependencies } from '../dependencies';
import { fault } from '../errors';
import { type actorsIn, Moment } from '../moment';

/** Rows of a page of an export. */
export const PAGE_ROWS = 1_000;

/** The moment that all pages of an export are of. */
export interface Pin {
  /** Whether the list can be asked for as of a position; what cannot is told as it is now. */
  readonly past: boolean;
  /** Everything up to here is in the export; known from the first page on. */
  position?: string;
}

/** Objects in an export are called by their plain ids, so that rows of several exports can be joined. */
class PlainMoment extends Moment {
  override idOf(id: string): string {
    return id;
  }
}

/** One page of an export as resolvers see it: a request like any other, but of the moment that the export began at. */
export class PinnedAsking extends Asking {
  override readonly mostRows = PAGE_ROWS;

  constructor(
    door: ApiDependencies,
    session: Session,
    private readonly pin: Pin,
  ) {
    super(door, session);
  }

  override async moment(projection: string, at: PointInTime | null | undefined): Promise<Moment> {
    const { pin } = this;
    if (pin.position === undefined) {
      const position = await this.door.runtime.reader(projection).position();
      refuseFuture(at, position);
      pin.position = at?.position ?? position;
      // What rows refer to is in other tables, which may be a moment behind.
      await this.reached(pin.position, projection);
    }
    return super.moment(projection, at ?? (pin.past ? { position: pin.position } : undefined));
  }

  protected override momentOf(at: At | undefined, computedAt: string, actors: ReturnType<typeof actorsIn>): Moment {
    return new PlainMoment(this.door, at, computedAt, undefined, actors);
  }
}

/** An export of a moment that is not over would say something else when it is asked for again. */
function refuseFuture(at: PointInTime | null | undefined, position: string): void {
  if (at?.position !== undefined && at.position > position) {
    throw fault('BAD_USER_INPUT', `at.position is ${at.position}, but the tables end at ${position}.`, [
      'at',
      'position',
    ]);
  }
  for (const name of ['recordedAt', 'occurredAt'] as const) {
    const instant = at?.[name];
    if (instant === undefined || Date.parse(instant) <= Date.now()) continue;
    throw fault('BAD_USER_INPUT', `at.${name} is ${instant}, which lies in the future.`, ['at', name]);
  }
}
