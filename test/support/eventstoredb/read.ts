import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { type Filter, filterOf, looksAtNothing } from './filter';
import type { Log, Recorded } from './log';
import type { Outlet } from './outlet';
import { type Refusal, streamDeleted, unexpected, unforeseen } from './refusals';
import { firstPositionFrame, lastPositionFrame, nameIn, notFoundFrame } from './wire';

type Options = ReadReq.Options;

/** The last possible revision of a stream. */
const LARGEST = 2 ** 63;

const backwardsIn = (options: Options) => options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;

/** Answers a read that is not a subscription: its events, then the end. */
export async function read(log: Log, options: Options, outlet: Outlet): Promise<void> {
  const found = options.hasStream() ? inStream(log, options) : inAll(log, options);
  if (found === 'endless') return;
  if ('code' in found) return outlet.end(found);
  for (const frame of found) {
    if (outlet.closed) return;
    if (!outlet.send(frame)) await outlet.ready();
  }
  outlet.end();
}

function inStream(log: Log, options: Options): Refusal | Iterable<Buffer> {
  const from = options.getStream()!;
  const stream = nameIn(from.getStreamIdentifier());
  const count = Number(options.getCount());
  const backwards = backwardsIn(options);
  const revision = Number(from.getRevision());
  if (stream === '') return unforeseen();
  if (count === 0 || (from.hasEnd() && !backwards) || revision > LARGEST) return unexpected('ReadStreamResult');
  if (log.isTombstoned(stream)) return streamDeleted(stream);
  const events = log.eventsOf(stream);
  if (events.length === 0 || log.isSoftDeleted(stream)) return [notFoundFrame(stream)];
  const first = log.firstVisible(stream);
  const start = from.hasStart() ? 0 : from.hasEnd() ? events.length - 1 : revision;
  const found = backwards
    ? down(events, Math.min(start, events.length - 1), first, count)
    : up(events, Math.max(start, first), count);
  // A client states its compatibility level; without one it gets only the events.
  if ((options.getControlOption()?.getCompatibility() ?? 0) < 1) return found;
  return framed(found, !backwards && start > events.length ? events.length : undefined, events.length - 1);
}

/** A stream's events, and its first revision (only if a read starts beyond it) and last revision. */
function* framed(found: Iterable<Buffer>, first: number | undefined, last: number): Iterable<Buffer> {
  if (first !== undefined) yield firstPositionFrame(first);
  yield* found;
  yield lastPositionFrame(last);
}

/** A read of zero events pages forever. */
function inAll(log: Log, options: Options): Refusal | Iterable<Buffer> | 'endless' {
  const filter = filterOf(options);
  if (filter && 'code' in filter) return filter;
  const from = options.getAll()!;
  const backwards = backwardsIn(options);
  const start = placeInAll(log, from);
  if (typeof start !== 'number') return start;
  if (backwards && from.hasPosition() && commitOf(from) > log.last) return unexpected('ReadAllResult');
  const count = Number(options.getCount());
  if (count === 0 || looksAtNothing(options)) return 'endless';
  return backwards ? down(log.events, start - 1, 0, count, filter) : up(log.events, start, count, filter);
}

const commitOf = (from: ReadReq.Options.AllOptions): number => Number(from.getPosition()!.getCommitPosition());

/** Index of the first event at or after a position; a refusal for an invalid position. */
export function placeInAll(log: Log, from: ReadReq.Options.AllOptions): number | Refusal {
  if (from.hasStart()) return 0;
  if (from.hasEnd()) return log.events.length;
  const commit = commitOf(from);
  if (Number(from.getPosition()!.getPreparePosition()) > commit) return unforeseen();
  const index = log.indexAt(commit);
  const known = commit === 0 || commit > log.last || log.events[index]?.position === commit;
  return known ? index : unexpected('ReadAllResult');
}

function* up(events: readonly Recorded[], start: number, count: number, filter?: Filter): Iterable<Buffer> {
  let left = count;
  for (let index = start; index < events.length && left > 0; index += 1) {
    const event = events[index]!;
    if (filter && !filter.passes(event)) continue;
    left -= 1;
    yield event.frame;
  }
}

function* down(
  events: readonly Recorded[],
  start: number,
  last: number,
  count: number,
  filter?: Filter,
): Iterable<Buffer> {
  let left = count;
  for (let index = start; index >= last && left > 0; index -= 1) {
    const event = events[index]!;
    if (filter && !filter.passes(event)) continue;
    left -= 1;
    yield event.frame;
  }
}
