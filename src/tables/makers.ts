import { makersOf } from '../domain/asset/makers';
import type { MakersKnown } from '../domain/decider';
import type { RecordedEvent } from '../domain/event';
import { canonicalId } from '../domain/identity';
import { upcast } from '../domain/upcast';
import type { Store } from '../store/store';
import { TablesBehind } from './engine';

/** The tables of makers, as far as they have come. */
export interface MakersTable {
  position(): Promise<string>;
  /** Whether one of these canonical ids is among the makers of the bytes. */
  isMaker(digest: string, ids: readonly string[]): Promise<boolean>;
}

/** Events behind the tables that are read to answer one question. */
const MOST_BEHIND = 20_000;
/** Makers that are kept of what is behind the tables, before what these have by then is dropped; and at most. */
const KEPT = 10_000;
const MOST_KEPT = 40_000;

/**
 * Knows who made which bytes, up to the end of the log at the moment of the question. The tables are mostly some
 * milliseconds behind, and a decision that waited for them would take ten times as long: so what they lack is read from
 * the log, once for all questions.
 */
export class Makers {
  /** What the log says behind `base` and up to `read`: digest → maker → position. */
  private recent = new Map<string, Map<string, string>>();
  private kept = 0;
  private base: string | undefined;
  private read = '';
  private reading: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(
    private readonly store: Pick<Store, 'readAll'>,
    private readonly tables: MakersTable,
    private readonly mostBehind = MOST_BEHIND,
  ) {}

  /**
   * Whether one of these actors made the bytes, by everything that is in the log when this is called. Throws TablesBehind
   * where the tables lack too much, and why they or the log cannot be read.
   */
  async known(digest: string, ids: readonly string[]): Promise<MakersKnown> {
    const asked = ids.map(canonicalId);
    await this.catchUp();
    const position = this.read;
    const makers = this.recent.get(digest);
    const made = asked.some((id) => makers?.has(id)) || (await this.tables.isMaker(digest, asked));
    return { made, position };
  }

  /** Reads the log up to its current end. Callers during a read share the next one. */
  private catchUp(): Promise<void> {
    if (this.reading === undefined) {
      this.reading = this.readOn().finally(() => {
        this.reading = undefined;
      });
      return this.reading;
    }
    this.next ??= this.reading
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.catchUp();
      });
    return this.next;
  }

  private async readOn(): Promise<void> {
    const stand = await this.tables.position();
    // Tables that were made anew, or of another process that fell behind, may know less than those asked before.
    if (this.base === undefined || stand < this.base || stand > this.read) this.begin(stand);
    else if (this.kept > KEPT) this.drop(stand);
    if (this.kept > MOST_KEPT) throw new TablesBehind(stand);
    let events = 0;
    for await (const page of this.store.readAll({ after: this.read, limit: this.mostBehind + 1 })) {
      events += page.length;
      if (events > this.mostBehind) throw new TablesBehind(stand);
      for (const event of page) this.keep(event);
      this.read = page.at(-1)?.position ?? this.read;
      if (this.kept > MOST_KEPT) throw new TablesBehind(stand);
    }
  }

  private begin(stand: string): void {
    this.recent = new Map();
    this.kept = 0;
    this.base = stand;
    this.read = stand;
  }

  private keep(recorded: RecordedEvent): void {
    if (recorded.type !== 'VersionAdded') return;
    const event = upcast(recorded);
    if (event.type !== 'VersionAdded') return;
    const { digest } = event.data;
    const makers = this.recent.get(digest) ?? new Map<string, string>();
    this.recent.set(digest, makers);
    for (const id of makersOf(event)) {
      if (makers.has(id)) continue;
      makers.set(id, event.position);
      this.kept += 1;
    }
  }

  /** Lets go of what the tables have by now. */
  private drop(stand: string): void {
    this.base = stand;
    for (const [digest, makers] of this.recent) {
      for (const [id, position] of makers) {
        if (position > stand) continue;
        makers.delete(id);
        this.kept -= 1;
      }
      if (makers.size === 0) this.recent.delete(digest);
    }
  }
}
