import { setTimeout as pause } from 'node:timers/promises';
import type { At } from '../../tables/reader';
import { Asking } from '../asking';
import type { Session } from '../claims';
import type { ApiDependencies } from '../dependencies';
import { type actorsIn, Moment } from '../moment';
import { expectReached } from '../pointintime';

/** Rows of a page of an export. */
export const PAGE_ROWS = 500;

/** How long an append may take from when the store's clock is read for it until it can be read. Milliseconds. */
const COMMIT_MS = 1_000;

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

  override async moment(projection: string, past: At | undefined): Promise<Moment> {
    const { pin } = this;
    const asked = past !== undefined && 'position' in past ? past.position : undefined;
    if (pin.position === undefined) {
      const position = await this.door.runtime.reader(projection).position();
      if (asked !== undefined) await expectReached(asked, this.door.store);
      if (past !== undefined && 'recordedAt' in past) await this.over(past.recordedAt, projection);
      pin.position = asked ?? position;
      // What rows refer to is in other tables, which may be a moment behind.
      await this.reached(pin.position, projection);
    }
    const { position } = pin;
    // What was so at a time is told by what was known when the export began, however late facts arrive meanwhile.
    if (past !== undefined && 'occurredAt' in past && !('recordedAt' in past)) {
      return super.moment(projection, { position, occurredAt: past.occurredAt });
    }
    return super.moment(projection, past ?? (pin.past ? { position } : undefined));
  }

  /** Waits until nothing more is recorded up to an instant, and everything that was can be read. */
  private async over(instant: string, projection: string): Promise<void> {
    const left = Date.parse(instant) + COMMIT_MS - Date.now();
    if (left > 0) await pause(left);
    await this.reached(await this.door.store.head(), projection);
  }

  protected override momentOf(at: At | undefined, computedAt: string, actors: ReturnType<typeof actorsIn>): Moment {
    return new PlainMoment(this.door, at, computedAt, undefined, actors);
  }
}
