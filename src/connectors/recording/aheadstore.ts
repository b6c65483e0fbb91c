import type { NewEvent, RecordedEvent } from '../../domain/event';
import { type Appended, type ExpectedRevision, START, type Store } from '../../store/store';

/** Number of events kept in memory, of the most recently used streams. */
const KEPT = 10_000;

/**
 * The store as seen by one writer who does not wait for the disk: its appends count for its next decision at once.
 *
 * This is safe because each append names the exact revision: a decision based on events that were never written
 * conflicts and is taken again. Events that are not durable yet have no position of their own.
 */
export class AheadStore implements Store {
  private readonly kept = new Map<string, RecordedEvent[]>();
  private total = 0;
  /** stream → its last unanswered append. */
  private readonly writing = new Map<string, Promise<void>>();

  /** `decided` receives every append before it reaches the disk. */
  constructor(
    private readonly store: Store,
    private readonly decided: (events: readonly NewEvent[]) => void,
    private readonly most = KEPT,
  ) {}

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const writing = this.store.append(stream, expected, events);
    this.follow(stream, writing);
    const known = this.kept.get(stream);
    const revision = expected === 'none' ? 0 : expected + 1;
    if (known?.length === revision) this.keep(stream, [...known, ...provisional(stream, revision, events)]);
    else this.forget(stream);
    this.decided(events);
    return writing;
  }

  async *readStream(
    stream: string,
    { after = -1, limit }: { readonly after?: number; readonly limit?: number } = {},
  ): AsyncGenerator<readonly RecordedEvent[]> {
    let known = this.kept.get(stream);
    if (known === undefined) {
      known = await this.whole(stream);
      this.keep(stream, known);
    }
    const page = known.slice(after + 1, limit === undefined ? undefined : after + 1 + limit);
    if (page.length > 0) yield page;
  }

  readAll(options?: Parameters<Store['readAll']>[0]): ReturnType<Store['readAll']> {
    return this.store.readAll(options);
  }

  subscribe(options: Parameters<Store['subscribe']>[0]): ReturnType<Store['subscribe']> {
    return this.store.subscribe(options);
  }

  head(): Promise<string> {
    return this.store.head();
  }

  /** Discards cached streams after another writer has added to them. */
  reread(): void {
    this.kept.clear();
    this.total = 0;
  }

  /** The store is closed by the caller that opened it. */
  async close(): Promise<void> {
    this.reread();
  }

  private follow(stream: string, writing: Promise<Appended>): void {
    const settled: Promise<void> = writing
      .then(
        () => {},
        () => this.forget(stream),
      )
      .finally(() => {
        if (this.writing.get(stream) === settled) this.writing.delete(stream);
      });
    this.writing.set(stream, settled);
  }

  private async whole(stream: string): Promise<RecordedEvent[]> {
    // Evicted events may still be on their way to the disk.
    await this.writing.get(stream);
    const events: RecordedEvent[] = [];
    for await (const page of this.store.readStream(stream)) events.push(...page);
    return events;
  }

  private keep(stream: string, events: RecordedEvent[]): void {
    this.forget(stream);
    this.kept.set(stream, events);
    this.total += events.length;
    if (this.total <= this.most) return;
    // Evicts a quarter at once: iterating a Map from its start walks over entries deleted there.
    for (const [oldest] of this.kept) {
      if (this.total <= this.most * 0.75 || oldest === stream) break;
      this.forget(oldest);
    }
  }

  private forget(stream: string): void {
    this.total -= this.kept.get(stream)?.length ?? 0;
    this.kept.delete(stream);
  }
}

/** As the store will return them, except for position and time, which only the store knows. */
function provisional(stream: string, revision: number, events: readonly NewEvent[]): RecordedEvent[] {
  return events.map((event, index) => ({
    ...event,
    data: copy(event.data),
    stream,
    revision: revision + index,
    position: START,
    recordedAt: event.metadata.occurredAt,
  }));
}

/** JSON as a store would return it: a copy without references to the original, and without undefined values. */
function copy(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copy);
  const copied: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) copied[name] = copy(member);
  }
  return copied;
}
