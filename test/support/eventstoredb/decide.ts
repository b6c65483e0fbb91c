import type { Log } from './log';

export type Expectation = 'any' | 'no_stream' | 'stream_exists' | number;

/** A server's decision on an append, from the ids alone. */
export type Decision =
  | { readonly is: 'write' }
  | { readonly is: 'wrong'; readonly actual: number }
  | { readonly is: 'deleted' }
  /** Already stored: its last event is at this revision of the stream. */
  | { readonly is: 'repeated'; readonly last: number }
  /** The server fails on its own answer and sends none. */
  | { readonly is: 'unanswered' };

/** About eight megabytes, as on a real server; each id costs as much as its entry there. */
const MEMORY = 8 * 1024 * 1024;
const ENTRY = 28;

/**
 * The ids of recent writes with their revisions, first-in first-kept, lost on restart. Only appends without an exact
 * revision are recognised by it.
 */
export class RecentWrites {
  private readonly places = new Map<string, { readonly stream: string; readonly revision: number }>();
  private used = 0;

  constructor(private readonly limit = MEMORY) {}

  remember(id: string, stream: string, revision: number): void {
    if (this.places.has(id)) return;
    this.places.set(id, { stream, revision });
    this.used += ENTRY + 2 * stream.length;
    for (const [oldest, place] of this.places) {
      if (this.used <= this.limit) break;
      this.places.delete(oldest);
      this.used -= ENTRY + 2 * place.stream.length;
    }
  }

  revisionOf(id: string, stream: string): number | undefined {
    const place = this.places.get(id);
    return place?.stream === stream ? place.revision : undefined;
  }

  forget(): void {
    this.places.clear();
    this.used = 0;
  }
}

const WRITE: Decision = { is: 'write' };

export function decide(
  log: Log,
  recent: RecentWrites,
  stream: string,
  expected: Expectation,
  ids: readonly string[],
): Decision {
  const actual = log.lastRevision(stream);
  if (log.isTombstoned(stream)) return { is: 'deleted' };
  if (expected === 'stream_exists') {
    if (log.isSoftDeleted(stream)) return { is: 'deleted' };
    if (actual < 0 && log.lastRevision(`$$${stream}`) < 0) return { is: 'wrong', actual };
  }
  if (expected === 'any' || expected === 'stream_exists') return byMemory(recent, stream, ids, actual);
  return byRevision(log, stream, expected === 'no_stream' ? -1 : expected, ids, actual);
}

/** The first id decides whether this is an earlier append; then all of them must be known. */
function byMemory(recent: RecentWrites, stream: string, ids: readonly string[], actual: number): Decision {
  const places = ids.map((id) => recent.revisionOf(id, stream));
  const [first] = places;
  if (first === undefined) return WRITE;
  const last = places.at(-1);
  if (last === undefined || places.includes(undefined)) return { is: 'wrong', actual };
  return last < first - 1 ? { is: 'unanswered' } : { is: 'repeated', last };
}

function byRevision(log: Log, stream: string, expected: number, ids: readonly string[], actual: number): Decision {
  if (expected === actual) return WRITE;
  if (expected > actual || ids.length === 0) return { is: 'wrong', actual };
  const events = log.eventsOf(stream);
  const fits = ids.map((id, index) => events[expected + 1 + index]?.id === id);
  if (fits.every(Boolean)) return { is: 'repeated', last: expected + ids.length };
  return !fits[0] && expected === -1 && log.isSoftDeleted(stream) ? WRITE : { is: 'wrong', actual };
}
