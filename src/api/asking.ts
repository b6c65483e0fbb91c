import type { At } from '../tables/reader';
import type { Session } from './claims';
import type { ApiDependencies } from './dependencies';
import { fault } from './errors';
import { MAX_ROWS } from './limits';
import { actorsIn, Moment } from './moment';
import { expectBegun, expectReached } from './pointintime';

/** How long `waitFor` waits for the tables. Milliseconds. */
const PATIENCE = 5000;

/** The projection that is asked where the tables stand when all of them were waited for. */
const USUAL = 'library';

/** A place in a watched list. */
export interface Place {
  readonly position: string;
  readonly cursor: string;
}

/** One request as resolvers see it: who asks, and the moments asked about. Made anew for each request. */
export class Asking {
  /** Rows that a page of a list may have. */
  readonly mostRows: number = MAX_ROWS;
  // Private by convention, not by `#`: the GraphQL server hands resolvers a shallow copy of its context.
  private answeredAt: string | undefined;
  private readonly moments = new Map<string, Moment>();
  private readonly actors: ReturnType<typeof actorsIn>;
  /** Of a subscription: the place behind the change that is on its way to the client, and behind the last one sent. */
  private offered: Place | undefined;
  private reachedPlace: Place | undefined;
  private readonly waits = new Map<string, Promise<void>>();

  constructor(
    readonly door: ApiDependencies,
    readonly session: Session,
  ) {
    this.actors = actorsIn(door);
  }

  /** Position the answer is computed at, the lowest where fields differ: `extensions.position`. */
  get position(): string | undefined {
    return this.answeredAt;
  }

  /** The place a subscription has come to, from which it goes on after a break. */
  get place(): Place | undefined {
    return this.reachedPlace ?? this.offered;
  }

  offer(place: Place): void {
    this.offered = place;
    // What was waited for belongs to the change before, and a subscription may last for millions of them.
    this.waits.clear();
  }

  /** What was offered last is on its way. */
  told(): void {
    this.reachedPlace = this.offered;
  }

  computedAt(position: string): void {
    if (this.answeredAt === undefined || position < this.answeredAt) this.answeredAt = position;
  }

  /** The answer tells of an act at this position. */
  written(position: string): void {
    this.answeredAt = position;
  }

  /**
   * Waits until every table contains a position, so that whatever hangs on the answer does; a projection that is
   * poisoned holds up only what is asked of it. Throws POSITION_NOT_REACHED, which names the argument that asked to wait
   * where there is one, or why no table can be read.
   */
  async reached(position: string | null | undefined, projection?: string, argument?: string): Promise<void> {
    if (position === null || position === undefined) return;
    // Waited for once in a request, however many of its fields ask: patience does not add up.
    const key = `${position} ${projection}`;
    const wait = this.waits.get(key) ?? this.waited(position, projection, argument);
    this.waits.set(key, wait);
    await wait;
  }

  private async waited(position: string, projection?: string, argument?: string): Promise<void> {
    const { runtime } = this.door;
    const began = Date.now();
    if (await runtime.waitFor(position, { timeoutMs: PATIENCE })) return;
    const timeoutMs = Math.max(0, PATIENCE - (Date.now() - began));
    if (projection !== undefined && (await runtime.waitFor(position, { timeoutMs, projections: [projection] }))) return;
    // Where nothing can be read at all, that is the reason, and this says it.
    const stand = await runtime.reader(projection ?? USUAL).position();
    const where = stand < position ? `; they stand at ${stand}` : '';
    throw fault(
      'POSITION_NOT_REACHED',
      `The tables have not reached position ${position} yet${where}.`,
      argument === undefined ? undefined : [argument],
    );
  }

  /** The moment of an event that is being told; nothing loaded for one event is used for the next. */
  now(position: string): Moment {
    return new Moment(this.door, undefined, position, (projection) => this.reached(position, projection));
  }

  /** The moment a field is about, its loaders shared by all fields about the same moment. */
  async moment(projection: string, past: At | undefined): Promise<Moment> {
    const position = await this.door.runtime.reader(projection).position();
    const key = `${projection} ${position} ${past === undefined ? '' : JSON.stringify(past)}`;
    const known = this.moments.get(key);
    if (known !== undefined) return known;
    const asked = past !== undefined && 'position' in past ? past.position : undefined;
    if (past !== undefined) await expectBegun(past, this.door.store);
    if (asked !== undefined && asked > position) {
      await expectReached(asked, this.door.store);
      await this.reached(asked, projection, 'at');
    }
    const computedAt = asked ?? position;
    const moment = this.momentOf(past, computedAt, this.actors);
    // An act before this in the same request may have changed what was loaded: a new position is a new moment.
    this.moments.set(key, moment);
    this.computedAt(computedAt);
    return moment;
  }

  protected momentOf(at: At | undefined, computedAt: string, actors: ReturnType<typeof actorsIn>): Moment {
    return new Moment(this.door, at, computedAt, undefined, actors);
  }
}
