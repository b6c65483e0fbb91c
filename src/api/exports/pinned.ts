import { setTimeout as pause } from 'node:timers/promises';
import type { At } from '../../tables/reader';
import { Asking } from '../asking';
import type { Session } from '../claims';
import type { ApiDependencies } from '../dependencies';
import { type actorsIn, Moment } from '../moment';
import { expectReached } from '../pointintime';

/** Maximum number of rows in a page of an export. */
export const PAGE_ROWS = 500;

/** Upper bound, in milliseconds, from reading the store's clock for an append until the append can be read. */
const COMMIT_MS = 1_000;

/** The moment that all pages of an export share. */
export interface Pin {
  /** Whether the list supports a past position; a list that does not is read in its current state. */
  readonly past: boolean;
  /** The export includes everything up to this position; known from the first page on. */
  position?: string;
}

/** Objects in an export have plain ids, so that rows of several exports can be joined. */
class PlainMoment extends Moment {
  override idOf(id: string): string {
    return id;
  }
}

/** One page of an export as resolvers see it: an ordinary request, but as of the moment at which the export began. */
export class PinnedAsking extends Asking {
  override readonly mostRows = PAGE_ROWS;

  constructor(
    door: ApiDependencies,
    session: Session,
    private readonly pin: Pin,
  ) {
    super(door, session);
  }

  override async moment(projection: string, past: At | undefined, argument = 'at'): Promise<Moment> {
    const { pin } = this;
    const asked = past !== undefined && 'position' in past ? past.position : undefined;
    if (pin.position === undefined) {
      const position = await this.door.runtime.reader(projection).position();
      if (asked !== undefined) await expectReached(asked, this.door.store, argument);
      if (past !== undefined && 'recordedAt' in past) await this.over(past.recordedAt, projection);
      pin.position = asked ?? position;
      // Rows refer to other tables, which may be slightly behind.
      await this.reached(pin.position, projection);
    }
    const { position } = pin;
    // A past state is read as it was known when the export began, however late further facts arrive.
    if (past !== undefined && 'occurredAt' in past && !('recordedAt' in past)) {
      return super.moment(projection, { position, occurredAt: past.occurredAt }, argument);
    }
    return super.moment(projection, past ?? (pin.past ? { position } : undefined), argument);
  }

  /** Waits until nothing more can be recorded up to an instant, and everything recorded can be read. */
  private async over(instant: string, projection: string): Promise<void> {
    const left = Date.parse(instant) + COMMIT_MS - Date.now();
    if (left > 0) await pause(left);
    await this.reached(await this.door.store.head(), projection);
  }

  protected override momentOf(at: At | undefined, computedAt: string, actors: ReturnType<typeof actorsIn>): Moment {
    return new PlainMoment(this.door, at, computedAt, undefined, actors);
  }
}
