import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '../domain/event';
import { eventsAt, type Place } from '../store/places';
import type { Store } from '../store/store';
import { readBookmark, writeBookmark } from './bookmark';

/** `later`: what it needs is not here; it is tried again now and then. */
export type Reacted = 'done' | 'later';

/** What follows from an event outside the log. Asked twice about an event, it does nothing the second time. */
export interface Reaction {
  /** Types of the events it follows. */
  readonly types: readonly string[];
  /** Rejects where the store or the content cannot be reached. */
  react(event: RecordedEvent): Promise<Reacted>;
}

export interface FollowerOptions {
  readonly store: Pick<Store, 'readStream' | 'subscribe'>;
  /** Where the bookmark is. */
  readonly file: string;
  readonly reactions: readonly Reaction[];
  /** What the reactions are made of; see `Bookmark`. */
  readonly print: string;
  readonly onFault: (fault: unknown) => void;
  /** Events that are reacted to at the same time. */
  readonly atOnce?: number;
  /** How often what waits is tried again, in milliseconds. */
  readonly retryMs?: number;
}

const AT_ONCE = 4;
const RETRY_MS = 60_000;
/** The newest of those that wait are kept: content that is elsewhere for good must not fill the file. */
const MOST_LATER = 2_000;
const SAVE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Follows the log and lets reactions happen, at least once each. Only a bookmark is kept outside the log: what was done
 * is an event, so that a lost or an old bookmark costs time and nothing else.
 */
export class Follower {
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private position = '';
  private later: Place[] = [];
  private savedAt = 0;

  constructor(private readonly options: FollowerOptions) {}

  start(): void {
    this.running ??= Promise.all([this.keepFollowing(), this.keepRetrying()]).then(() => undefined);
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
    if (this.position !== '') this.save();
  }

  private async keepFollowing(): Promise<void> {
    const { signal } = this.ending;
    for (let wait = 1_000; !signal.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.options.onFault(error);
        await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { store, file, print } = this.options;
    if (this.position === '') {
      const { position, later } = readBookmark(file, print);
      this.position = position;
      this.later = [...later];
    }
    for await (const { events } of store.subscribe({ after: this.position, signal })) {
      await this.eachOf(events);
      signal.throwIfAborted();
      this.position = events.at(-1)?.position ?? this.position;
      if (Date.now() - this.savedAt > SAVE_MS) this.save();
    }
  }

  private async keepRetrying(): Promise<void> {
    const { signal } = this.ending;
    const { retryMs = RETRY_MS, store, onFault } = this.options;
    while (!signal.aborted) {
      await pause(retryMs, undefined, { signal, ref: false }).catch(() => undefined);
      const waiting = this.later.splice(0);
      if (signal.aborted || waiting.length === 0) {
        this.later = [...waiting, ...this.later];
        continue;
      }
      try {
        await this.eachOf(await eventsAt(store, waiting));
        this.save();
      } catch (error) {
        this.later = [...waiting, ...this.later].slice(-MOST_LATER);
        if (!signal.aborted) onFault(error);
      }
    }
  }

  /** Ends where the signal does; what was not reacted to by then is not passed by. */
  private async eachOf(events: readonly RecordedEvent[]): Promise<void> {
    const { reactions, atOnce = AT_ONCE } = this.options;
    const { signal } = this.ending;
    const left = events.values();
    const some = async (): Promise<void> => {
      for (const event of left) {
        signal.throwIfAborted();
        const followed = reactions.filter(({ types }) => types.includes(event.type));
        for (const reaction of followed) {
          if ((await reaction.react(event)) === 'later') this.putOff(event);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, some));
  }

  private putOff({ stream, revision }: Place): void {
    if (this.later.some((place) => place.stream === stream && place.revision === revision)) return;
    this.later = [...this.later, { stream, revision }].slice(-MOST_LATER);
  }

  private save(): void {
    this.savedAt = Date.now();
    const { file, print } = this.options;
    writeBookmark(file, { position: this.position, later: this.later, print });
  }
}
