import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { type Filter, filterOf } from './filter';
import type { Log, Recorded } from './log';
import type { Outlet } from './outlet';
import { type Refusal, streamDeleted, unexpected } from './refusals';
import { nameIn, notFoundFrame } from './wire';

type Options = ReadReq.Options;

const backwardsIn = (options: Options) => options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;

/** Answers a read that is not a subscription: its events, then the end. */
export async function read(log: Log, options: Options, outlet: Outlet): Promise<void> {
  const found = options.hasStream() ? inStream(log, options) : inAll(log, options);
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
  if (count === 0 || (from.hasEnd() && !backwards)) return unexpected('ReadStreamResult');
  if (log.isTombstoned(stream)) return streamDeleted(stream);
  const events = log.eventsOf(stream);
  if (events.length === 0 || log.isSoftDeleted(stream)) return [notFoundFrame(stream)];
  const first = log.firstVisible(stream);
  const start = from.hasStart() ? 0 : from.hasEnd() ? events.length - 1 : Number(from.getRevision());
  return backwards
    ? down(events, Math.min(start, events.length - 1), first, count)
    : up(events, Math.max(start, first), count);
}

function inAll(log: Log, options: Options): Refusal | Iterable<Buffer> {
  const filter = filterOf(options);
  if (filter && 'code' in filter) return filter;
  const start = placeInAll(log, options.getAll()!);
  if (typeof start !== 'number') return start;
  const count = Number(options.getCount());
  if (count === 0) return unexpected('ReadAllResult');
  return backwardsIn(options) ? down(log.events, start - 1, 0, count, filter) : up(log.events, start, count, filter);
}

/** Index of the first event at or after a position; a refusal for a position that never was. */
export function placeInAll(log: Log, from: ReadReq.Options.AllOptions): number | Refusal {
  if (from.hasStart()) return 0;
  if (from.hasEnd()) return log.events.length;
  const commit = Number(from.getPosition()!.getCommitPosition());
  const prepare = Number(from.getPosition()!.getPreparePosition());
  const index = log.indexAt(commit);
  const known = commit === 0 || commit >= log.end || log.events[index]?.position === commit;
  return known && prepare === commit ? index : unexpected('ReadAllResult');
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
