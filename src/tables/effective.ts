import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../domain/event';
import type { Store } from '../store/store';
import { lift, type Portion } from './lifted';
import { packInstant } from './numbers';

/** Streams whose beginning is remembered. */
const STREAMS = 50_000;
/** Streams whose beginning is looked up at once. */
const TOGETHER = 32;

/**
 * Works out effective times: when an act was done, but never before the first event of its own stream. An act is as a
 * rule done after every stream began, so the beginning of its own is seldom needed; where it is, it is remembered from
 * its first event or read from the store.
 */
export class EffectiveTimes {
  private readonly beginnings = new LRUCache<string, number>({ max: STREAMS });
  /** No stream begins later than this. */
  private latest: number;

  /** @param after position behind which the events begin: streams that began before it are not known */
  constructor(
    private readonly store: Pick<Store, 'readStream'>,
    after: number,
  ) {
    this.latest = after === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** Events in the order of the log, none left out between two calls. */
  async lift(events: readonly RecordedEvent[]): Promise<Portion> {
    const known = this.meet(events);
    const missing = [...new Set(events.filter((_, at) => known[at] === undefined).map(({ stream }) => stream))];
    for (let at = 0; at < missing.length; at += TOGETHER) {
      await Promise.all(missing.slice(at, at + TOGETHER).map((stream) => this.look(stream)));
    }
    return lift(events, (event, occurred, at) => known[at] ?? this.effective(event, occurred));
  }

  /** Remembers the streams that begin here. Gives effective times; undefined where the stream must be looked up. */
  private meet(events: readonly RecordedEvent[]): readonly (number | undefined)[] {
    return events.map(({ stream, revision, metadata }) => {
      const occurred = packInstant(metadata.occurredAt);
      // Said by whoever folds the event.
      if (occurred === undefined) return Number.NaN;
      if (revision === 0) {
        this.beginnings.set(stream, occurred);
        if (occurred > this.latest) this.latest = occurred;
        return occurred;
      }
      if (occurred >= this.latest) return occurred;
      const began = this.beginnings.get(stream);
      return began === undefined ? undefined : Math.max(occurred, began);
    });
  }

  private async look(stream: string): Promise<void> {
    for await (const [first] of this.store.readStream(stream, { limit: 1 })) {
      const occurred = first && packInstant(first.metadata.occurredAt);
      if (occurred !== undefined) this.beginnings.set(stream, occurred);
      return;
    }
  }

  private effective({ stream }: RecordedEvent, occurred: number): number {
    return Math.max(occurred, this.beginnings.peek(stream) ?? occurred);
  }
}
