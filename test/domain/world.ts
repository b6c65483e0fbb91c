import { createHash } from 'node:crypto';
import { makersOf } from '../../src/domain/asset/makers';
import type { AssetState } from '../../src/domain/asset/state';
import type { DomainEvent, EventNamed, EventType } from '../../src/domain/catalogue';
import type { Context, Happened, MakersKnown, Outcome, RadiusKnown } from '../../src/domain/decider';
import type { Command } from '../../src/domain/deciders';
import { deciderOf, deciderOfStream } from '../../src/domain/deciders';
import type { Actor } from '../../src/domain/event';
import { canonicalId } from '../../src/domain/identity';
import type { RefusalCode } from '../../src/domain/refusal';
import { assetsIn, lineageOf } from '../../src/domain/rights/lineage';
import type { Known, Standings } from '../../src/domain/standings';
import { streamOf } from '../../src/domain/stream';

/** An event in a test's world: its stream, its actor and its content. */
export interface Happening {
  readonly stream: string;
  readonly event: Happened<DomainEvent>;
}

/** All streams of a small world, decided and folded by the real deciders, without a store. */
export class World {
  readonly history: Happening[] = [];
  /** The time at which acts claim to be done. */
  now = '2026-03-02T09:00:00.000Z';
  private readonly states = new Map<string, unknown>();
  private commands = 0;

  /** Decides a command as this actor and folds the resulting events. */
  does(actor: string | Actor, command: Command): Outcome<DomainEvent> {
    const who: Actor = typeof actor === 'string' ? { id: actor, kind: 'person' } : actor;
    const decider = deciderOf(command.type);
    const stream = decider.streamOf(command);
    this.commands += 1;
    const state = this.stateOf(stream);
    const makers = this.makers(decider.bytesOf(command, state), who, decider.peopleOf(command));
    const radius = this.radius(decider.radiusOf(command));
    const known = { ...(makers && { makers }), ...(radius && { radius }) };
    const context = { ...this.context(who, uuidOf(`c${this.commands}`)), ...known };
    const outcome = decider.decide(command, state, context);
    if ('events' in outcome) {
      const metadata = { actorId: who.id, onBehalfOf: who.onBehalfOf, occurredAt: this.now };
      for (const event of outcome.events) this.happens(stream, { ...event, metadata });
    }
    return outcome;
  }

  /** The resulting event types; a refusal fails the test. */
  types(actor: string | Actor, command: Command): readonly string[] {
    return this.events(actor, command).map((event) => event.type);
  }

  events(actor: string | Actor, command: Command): readonly DomainEvent[] {
    const outcome = this.does(actor, command);
    if ('refusal' in outcome) throw new Error(`${command.type} refused: ${outcome.refusal.code}`);
    return outcome.events;
  }

  /** The data of the first resulting event. */
  first<T extends EventType>(actor: string | Actor, command: Command): EventNamed<T>['data'] {
    const [event] = this.events(actor, command);
    if (event === undefined) throw new Error(`${command.type} changed nothing`);
    return event.data as EventNamed<T>['data'];
  }

  /** The code of the refusal, or `accepted`. */
  refusal(actor: string | Actor, command: Command): RefusalCode | 'accepted' {
    const outcome = this.does(actor, command);
    return 'refusal' in outcome ? outcome.refusal.code : 'accepted';
  }

  stateOf(stream: string): unknown {
    return this.states.get(stream) ?? deciderOfStream(stream)?.initial;
  }

  asset(id: string): AssetState {
    return this.stateOf(`asset-${id}`) as AssetState;
  }

  standing<C extends keyof Standings>(category: C, id: string): Standings[C] | undefined {
    const stream = streamOf(category, id);
    return deciderOfStream(stream)?.standing(this.stateOf(stream)) as Standings[C] | undefined;
  }

  private happens(stream: string, event: Happened<DomainEvent>): void {
    this.states.set(stream, deciderOfStream(stream)?.evolve(this.stateOf(stream), event));
    this.history.push({ stream, event });
  }

  /** Judged by everything that happened in this world; a position is the number of events. */
  private makers(
    bytes: string | undefined,
    { id, onBehalfOf }: Actor,
    others: readonly string[],
  ): MakersKnown | undefined {
    if (bytes === undefined) return undefined;
    const ids = [id, ...others, ...(onBehalfOf === undefined ? [] : [onBehalfOf])].map(canonicalId);
    const made = this.history.some(
      ({ event }) =>
        event.type === 'VersionAdded' &&
        event.data.digest === bytes &&
        makersOf(event).some((each) => ids.includes(each)),
    );
    return { made, position: String(this.history.length).padStart(20, '0') };
  }

  /** What a decision of this person would know besides its own stream. */
  contextOf(id: string): Context {
    return this.context({ id, kind: 'person' }, uuidOf(`c${this.commands}`));
  }

  /** What runs of an asset and of everything that came of it. */
  private radius(asset: string | undefined): RadiusKnown | undefined {
    if (asset === undefined) return undefined;
    const assets = new Map(
      this.history.flatMap(({ stream }) => (stream.startsWith('asset-') ? [[stream.slice(6), true] as const] : [])),
    );
    const known: Known = { standing: (category, id) => this.standing(category, id) };
    const radius = [...assets.keys()].filter((each) => {
      const standing = this.standing('asset', each);
      return each === asset || (standing !== undefined && assetsIn(lineageOf(standing, known)).includes(asset));
    });
    const placements = radius.flatMap((each) =>
      this.asset(each).placements.map(({ placement, campaign, version, channel, market }) => ({
        asset: each,
        placement,
        campaign,
        ...(version !== undefined && { version }),
        channel,
        ...(market !== undefined && { market }),
      })),
    );
    return { placements, position: String(this.history.length).padStart(20, '0') };
  }

  private context(actor: Actor, commandId: string): Context {
    return {
      actor,
      occurredAt: this.now,
      commandId,
      id: (name) => uuidOf(`${commandId}/${name}`),
      sha256,
      standing: (category, id) => this.standing(category, id),
    };
  }
}

/** A deterministic UUID for a name. */
export function uuidOf(name: string): string {
  const hex = sha256(name);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The digest of a text, in place of the digest of content. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
