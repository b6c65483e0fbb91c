import { LRUCache } from 'lru-cache';
import type { DomainEvent } from '../domain/catalogue';
import type { Happened } from '../domain/decider';
import type { AnyDecider } from '../domain/deciders';
import type { NewEvent, RecordedEvent } from '../domain/event';
import { type Evolution, upcast as today } from '../domain/upcast';
import type { ExpectedRevision, Store } from '../store/store';

/** The folded state of a stream, as a decision needs it. */
export interface Folded {
  readonly state: unknown;
  readonly revision: ExpectedRevision;
  /** Ids of all commands with events up to the revision, and possibly of later ones. */
  readonly commands: Set<string>;
}

/** Number of streams whose fold is kept in memory: callers usually perform several acts on one asset in a row. */
const KEPT = 2_000;

/**
 * Folds streams, and resumes from the fold it kept. Loading reads the events added since, so it always includes what
 * other processes wrote; a kept fold may be stale and must be verified by an append.
 */
export class FoldedStreams {
  private readonly recent = new LRUCache<string, Folded>({ max: KEPT });

  constructor(
    private readonly store: Store,
    private readonly upcast: Evolution['upcast'] = today,
  ) {}

  /** The stream as this process last saw it, which may be stale. Undefined if this command has events in it. */
  kept(stream: string, commandId: string): Folded | undefined {
    const kept = this.recent.get(stream);
    return kept?.commands.has(commandId) ? undefined : kept;
  }

  /**
   * The state of an unwritten stream. Undefined if this process has seen the stream; another process may have written
   * it.
   */
  unseen(decider: AnyDecider, stream: string): Folded | undefined {
    if (this.recent.get(stream) !== undefined) return undefined;
    return { state: decider.initial, revision: 'none', commands: new Set() };
  }

  /** The current state of the stream, and the events this command has already written to it, in order. */
  async load(decider: AnyDecider, stream: string, commandId: string): Promise<Folded & { earlier: RecordedEvent[] }> {
    // A repeated command needs all events it wrote, so the stream is then read from its beginning.
    const known = this.kept(stream, commandId);
    let { state, revision }: Pick<Folded, 'state' | 'revision'> = known ?? { state: decider.initial, revision: 'none' };
    const commands = known?.commands ?? new Set<string>();
    const earlier: RecordedEvent[] = [];
    for await (const page of this.store.readStream(stream, revision === 'none' ? {} : { after: revision })) {
      for (const event of page.map(this.upcast)) {
        // A stream holds only events of its own decider: its category is part of its name.
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

  /** Adds events of a command behind the state that `load` returned; the last of them has this revision. */
  wrote(
    decider: AnyDecider,
    stream: string,
    { state, commands }: Folded,
    { commandId, events, revision }: { commandId: string; events: readonly NewEvent[]; revision: number },
  ): void {
    const now = events.reduce((folded, event) => decider.evolve(folded, event as Happened<DomainEvent>), state);
    this.recent.set(stream, { state: now, revision, commands: commands.add(commandId) });
  }

  /** Discards the fold after it proved wrong: the stream is next read from its beginning. */
  forget(stream: string): void {
    this.recent.delete(stream);
  }
}
