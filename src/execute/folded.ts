import { LRUCache } from 'lru-cache';
import type { DomainEvent } from '../domain/catalogue';
import type { Happened } from '../domain/decider';
import type { AnyDecider } from '../domain/deciders';
import type { NewEvent, RecordedEvent } from '../domain/event';
import { type Evolution, upcast as today } from '../domain/upcast';
import type { ExpectedRevision, Store } from '../store/store';

/** A stream as a decision needs it. */
export interface Folded {
  readonly state: unknown;
  readonly revision: ExpectedRevision;
  /** Every command that the events up to the revision are of, and perhaps later ones. */
  readonly commands: Set<string>;
}

/** Streams whose fold is kept in memory: a caller usually does several acts on one asset in a row. */
const KEPT = 2_000;

/**
 * Folds streams, and goes on from what it folded of one before. Loading reads what the stream has got since, so that what
 * others wrote meanwhile is always in it; what is merely kept must be put to the test by an append.
 */
export class FoldedStreams {
  private readonly recent = new LRUCache<string, Folded>({ max: KEPT });

  constructor(
    private readonly store: Store,
    private readonly upcast: Evolution['upcast'] = today,
  ) {}

  /** The stream as this process saw it last, unless it has events of this command; perhaps it has gone on since. */
  kept(stream: string, commandId: string): Folded | undefined {
    const kept = this.recent.get(stream);
    return kept?.commands.has(commandId) ? undefined : kept;
  }

  /** A stream as nobody has begun it, which may be so of one that this process has not seen; undefined where it has. */
  unseen(decider: AnyDecider, stream: string): Folded | undefined {
    if (this.recent.get(stream) !== undefined) return undefined;
    return { state: decider.initial, revision: 'none', commands: new Set() };
  }

  /** The stream as it is now, and the events that this command has written to it already, in order. */
  async load(decider: AnyDecider, stream: string, commandId: string): Promise<Folded & { earlier: RecordedEvent[] }> {
    // What a repeated command wrote is wanted whole, so the stream is then read from its beginning.
    const known = this.kept(stream, commandId);
    let { state, revision }: Pick<Folded, 'state' | 'revision'> = known ?? { state: decider.initial, revision: 'none' };
    const commands = known?.commands ?? new Set<string>();
    const earlier: RecordedEvent[] = [];
    for await (const page of this.store.readStream(stream, revision === 'none' ? {} : { after: revision })) {
      for (const event of page.map(this.upcast)) {
        // A stream holds only events of its own decider: its category is in its name.
        state = decider.evolve(state, event as Happened<DomainEvent>);
        revision = event.revision;
        commands.add(event.metadata.commandId);
        if (event.metadata.commandId === commandId) earlier.push(event);
      }
    }
    const folded = { state, revision, commands };
    if (revision !== 'none') this.recent.set(stream, folded);
    return { ...folded, earlier };
  }

  /** These events of a command stand behind what `load` gave, the last of them at this revision. */
  wrote(
    decider: AnyDecider,
    stream: string,
    { state, commands }: Folded,
    { commandId, events, revision }: { commandId: string; events: readonly NewEvent[]; revision: number },
  ): void {
    const now = events.reduce((folded, event) => decider.evolve(folded, event as Happened<DomainEvent>), state);
    this.recent.set(stream, { state: now, revision, commands: commands.add(commandId) });
  }

  /** Another reader saw a different stream: next time it is read from its beginning. */
  forget(stream: string): void {
    this.recent.delete(stream);
  }
}
