import { positionOf } from '../instant';
import type { Target } from '../moving';
import { type Delivery, START, type Store } from '../store';
import { Writer } from './appender';
import { ReadTurn } from './driver';
import { EventDictionary } from './eventdictionary';
import { openEventFile } from './file';
import { numberOf, PAGE, Reader } from './logreader';
import { Wakes } from './wakes';

export interface SqliteStoreOptions {
  /**
   * What a power cut may lose: nothing (FULL, the default) or the last moments (NORMAL, OFF: only for temporary files).
   */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
  /** Appends are refused; the file must exist. */
  readonly readOnly?: boolean;
  /** Milliseconds since 1970; default: the system clock. */
  readonly clock?: () => number;
  /** How long an append retries while another process holds the lock, in milliseconds. Default 10,000. */
  readonly lockTimeoutMs?: number;
}

/** Reading a page blocks: yield between pages, so that writers, sockets and timers run. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The embedded store: one SQLite file that several processes may share. Throws Unavailable if it cannot be used. */
export function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Store {
  const { writer, ...reading } = openParts(path, options);
  return { ...reading, append: (stream, expected, events) => writer.append(stream, expected, events) };
}

/** The same file opened as the target of a copy. Throws Unavailable, as above. */
export function openSqliteTarget(path: string, options: SqliteStoreOptions = {}): Target {
  const { writer, readStream, readAll, head, close } = openParts(path, options);
  return { readStream, readAll, head, close, receive: (appends) => writer.receive(appends) };
}

function openParts(path: string, options: SqliteStoreOptions): Omit<Store, 'append'> & { readonly writer: Writer } {
  const database = openEventFile(path, options);
  const words = new EventDictionary(database);
  const turn = new ReadTurn(database);
  const reader = new Reader(database, words, path, turn);
  const wakes = new Wakes(database, path);
  const writer = new Writer(database, words, {
    path,
    now: options.clock ?? Date.now,
    lockTimeoutMs: options.lockTimeoutMs ?? 10_000,
    onCommit: () => wakes.wake(),
    turn,
  });

  async function* readStream(stream: string, range: { after?: number; limit?: number } = {}) {
    let { after = -1, limit: left = Number.POSITIVE_INFINITY } = range;
    while (left > 0) {
      const wanted = Math.min(left, PAGE);
      const page = reader.streamPage(stream, after, wanted);
      if (page.length > 0) yield page;
      if (page.length < wanted) return;
      after = page.at(-1)!.revision;
      left -= page.length;
      if (left > 0) await breathe();
    }
  }

  async function* readAll(range: { after?: string; until?: string; limit?: number } = {}) {
    let after = numberOf(range.after ?? START, 'after');
    await breathe();
    // Fixes the head, so that a reader of a growing log terminates.
    const head = reader.head();
    const until = range.until === undefined ? head : Math.min(head, numberOf(range.until, 'until'));
    let left = range.limit ?? Number.POSITIVE_INFINITY;
    while (after < until && left > 0) {
      const page = reader.logPage(after, until, left);
      if (page.length === 0) {
        if (until === head) reader.missing(after, until);
        return;
      }
      yield page;
      after = Number(page.at(-1)!.position);
      left -= page.length;
      await breathe();
    }
  }

  async function* readType(type: string, range: { after?: string; until?: string } = {}) {
    let after = numberOf(range.after ?? START, 'after');
    await breathe();
    const head = reader.head();
    const until = range.until === undefined ? head : Math.min(head, numberOf(range.until, 'until'));
    const kinds = reader.kindsOf(type);
    while (after < until && kinds.length > 0) {
      const { events, last } = reader.kindsPage(kinds, after, until);
      yield events;
      after = last;
      await breathe();
    }
  }

  async function* subscribe({ after, signal }: { after: string; signal: AbortSignal }): AsyncGenerator<Delivery> {
    let position = numberOf(after, 'after');
    let caughtUp = false;
    while (!signal.aborted) {
      const heard = wakes.heard();
      const events = reader.logPage(position, Number.MAX_SAFE_INTEGER, PAGE);
      if (events.length > 0) position = Number(events.at(-1)!.position);
      const atEnd = events.length < PAGE;
      if (events.length > 0 || !caughtUp) yield { events, caughtUp: atEnd };
      caughtUp = atEnd;
      await (atEnd ? wakes.after(heard, signal) : breathe());
    }
  }

  return {
    writer,
    ordered: true,
    readStream,
    readAll,
    readType,
    subscribe,
    head: async () => positionOf(reader.head()),
    count: async () => reader.count(),
    async close() {
      await writer.close();
      wakes.close();
      turn.leave();
      database.close();
    },
  };
}
