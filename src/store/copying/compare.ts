import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../../domain/event';
import { START } from '../store';
import { canonical, whatDiffers } from './eventline';

type Pages = AsyncIterable<readonly RecordedEvent[]>;

/** The first difference between two logs. */
export interface LogDifference {
  /** Ordinal in the log, from 1. */
  readonly event: number;
  readonly stream: string;
  readonly revision: number;
  /** What differs, or which log has an event after the other has ended. */
  readonly what: string;
}

/** What was read of one log: its size and a fingerprint. */
export class Read {
  events = 0;
  /** Position of the last event read. */
  position = START;
  private readonly names = new Set<string>();
  private readonly hash = createHash('sha256');

  add(events: readonly RecordedEvent[], lines: readonly string[]): void {
    this.hash.update(lines.join(''));
    for (const { stream } of events) this.names.add(stream);
    this.events += events.length;
    this.position = events.at(-1)?.position ?? this.position;
  }

  /** The digest of what was read so far; reading can continue afterwards. */
  sum(): { readonly events: number; readonly streams: number; readonly sha256: string } {
    return { events: this.events, streams: this.names.size, sha256: this.hash.copy().digest('hex') };
  }
}

/** Compares two logs incrementally. */
export class Comparison {
  readonly source = new Read();
  readonly target = new Read();
  difference: LogDifference | undefined;

  constructor(
    private readonly signal: AbortSignal,
    private readonly onProgress: (comparison: Comparison) => void,
  ) {}

  /**
   * Continues reading both logs. With `begun`, stops at the end of the target or at the first difference, to test
   * whether the target is a prefix of the source. Otherwise both are read to the end, and an event that only one of
   * them has is a difference.
   */
  async goOn(source: Pages, target: Pages, { begun = false } = {}): Promise<void> {
    const [ours, theirs] = [new Feed(source), new Feed(target)];
    try {
      for (;;) {
        this.signal.throwIfAborted();
        const [left, right] = await Promise.all([ours.ready(), theirs.ready()]);
        if (begun ? right === 0 || this.difference : left === 0 && right === 0) return;
        const count = Math.min(left || right, right || left);
        this.take(left > 0 ? ours.take(count) : [], right > 0 ? theirs.take(count) : []);
        this.onProgress(this);
      }
    } finally {
      await Promise.all([ours.leave(), theirs.leave()]);
    }
  }

  private take(ours: readonly RecordedEvent[], theirs: readonly RecordedEvent[]): void {
    const [left, right] = [ours.map(canonical), theirs.map(canonical)];
    const count = Math.max(left.length, right.length);
    for (let index = 0; index < count && !this.difference; index += 1) {
      if (left[index] !== right[index]) this.difference = this.differ(index, ours[index], theirs[index]);
    }
    this.source.add(ours, left);
    this.target.add(theirs, right);
  }

  private differ(index: number, one: RecordedEvent | undefined, other: RecordedEvent | undefined): LogDifference {
    const { stream, revision } = (one ?? other)!;
    const before = one === undefined ? this.target.events : this.source.events;
    const what = one && other ? whatDiffers(one, other) : `only in the ${one ? 'source' : 'target'}`;
    return { event: before + index + 1, stream, revision, what };
  }
}

/** Pages of a log, consumed in chunks of any size. */
class Feed {
  private page: readonly RecordedEvent[] = [];
  private readonly pages: AsyncIterator<readonly RecordedEvent[]>;

  constructor(pages: Pages) {
    this.pages = pages[Symbol.asyncIterator]();
  }

  /** How many events can be taken; 0 at the end of the log. */
  async ready(): Promise<number> {
    while (this.page.length === 0) {
      const next = await this.pages.next();
      if (next.done) return 0;
      this.page = next.value;
    }
    return this.page.length;
  }

  take(count: number): readonly RecordedEvent[] {
    const taken = this.page.slice(0, count);
    this.page = this.page.slice(count);
    return taken;
  }

  async leave(): Promise<void> {
    await this.pages.return?.();
  }
}
