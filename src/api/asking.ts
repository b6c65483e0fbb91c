import type { At } from '../tables/reader';
import type { Session } from './claims';
import type { ApiDependencies } from './dependencies';
import { fault } from './errors';
import { MAX_ROWS } from './limits';
import { actorsIn, Moment } from './moment';
import { expectBegun, expectReached } from './pointintime';

/** How long `waitFor` waits for the tables, in milliseconds. */
const PATIENCE = 5000;

/** The projection asked for its position after waiting for all of them. */
const USUAL = 'library';

/** A place in a watched list. */
export interface Place {
  readonly position: string;
  readonly cursor: string;
}

/** The context of one request for its resolvers: the session, and the moments asked about. Created for each request. */
export class Asking {
  /** Maximum number of rows in a page. */
  readonly mostRows: number = MAX_ROWS;
  // Private by convention, not by `#`: the GraphQL server hands resolvers a shallow copy of its context.
  private answeredAt: string | undefined;
  private readonly moments = new Map<string, Moment>();
  private readonly actors: ReturnType<typeof actorsIn>;
  /** For a subscription: the place after the change being sent, and after the last one sent. */
  private offered: Place | undefined;
  private reachedPlace: Place | undefined;
  private readonly waits = new Map<string, Promise<void>>();

  constructor(
    readonly door: ApiDependencies,
    readonly session: Session,
  ) {
    this.actors = actorsIn(door);
  }

  /** Position at which the answer is computed, the lowest if fields differ: `extensions.position`. */
  get position(): string | undefined {
    return this.answeredAt;
  }

  /** The place that a subscription has reached, from which it resumes after a break. */
  get place(): Place | undefined {
    return this.reachedPlace ?? this.offered;
  }

  offer(place: Place): void {
    this.offered = place;
    // Earlier waits concerned the previous change, and a subscription may deliver millions of them.
    this.waits.clear();
  }

  /** Marks the offered place as sent. */
  told(): void {
    this.reachedPlace = this.offered;
  }

  computedAt(position: string): void {
    if (this.answeredAt === undefined || position < this.answeredAt) this.answeredAt = position;
  }

  /** Records that the answer includes an act at this position. */
  written(position: string): void {
    this.answeredAt = position;
  }

  /**
   * Waits until the tables contain a position: all of them, or only the given projection, so that a poisoned projection
   * delays only requests for it. Throws POSITION_NOT_REACHED, with the argument that requested the wait if there is
   * one, or the reason why no table can be read.
   */
  async reached(position: string | null | undefined, projection?: string, argument?: string): Promise<void> {
    if (position === null || position === undefined) return;
    // Waited for once per request, however many fields ask, so that timeouts do not add up.
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
    // If nothing can be read at all, this throws the reason.
    const stand = await runtime.reader(projection ?? USUAL).position();
    const where = stand < position ? `; they stand at ${stand}` : '';
    throw fault(
      'POSITION_NOT_REACHED',
      `The tables have not reached position ${position} yet${where}.`,
      argument === undefined ? undefined : [argument],
    );
  }

  /** The moment of an event being delivered; nothing loaded for one event is reused for the next. */
  now(position: string): Moment {
    return new Moment(this.door, undefined, position, (projection) => this.reached(position, projection));
  }

  /** The moment that a field is about, which `argument` names. Fields about the same moment share its loaders. */
  async moment(projection: string, past: At | undefined, argument = 'at'): Promise<Moment> {
    const position = await this.door.runtime.reader(projection).position();
    const key = `${projection} ${position} ${past === undefined ? '' : JSON.stringify(past)}`;
    const known = this.moments.get(key);
    if (known !== undefined) return known;
    const asked = past !== undefined && 'position' in past ? past.position : undefined;
    if (past !== undefined) await expectBegun(past, this.door.store, argument);
    if (asked !== undefined && asked > position) {
      await expectReached(asked, this.door.store, argument);
      await this.reached(asked, projection, argument);
    }
    const computedAt = asked ?? position;
    const moment = this.momentOf(past, computedAt, this.actors);
    // An earlier act in the same request may have changed what was loaded: a new position is a new moment.
    this.moments.set(key, moment);
    this.computedAt(computedAt);
    return moment;
  }

  protected momentOf(at: At | undefined, computedAt: string, actors: ReturnType<typeof actorsIn>): Moment {
    return new Moment(this.door, at, computedAt, undefined, actors);
  }
}
