import { randomUUID } from 'node:crypto';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { type Filter, filterOf, looksAtNothing } from './filter';
import { type Log, type Recorded, TOMBSTONE } from './log';
import type { Outlet } from './outlet';
import { placeInAll } from './read';
import { type Refusal, streamDeleted, timedOut, unforeseen } from './refusals';
import { caughtUpFrame, checkpointFrame, confirmationFrame, nameIn } from './wire';

/** How far a live subscriber may be behind before the server drops it; a larger burst ends it. */
const LIVE_BUFFER = 100;

/** What a subscription reads: a growing list, a filter, and a start. */
interface Source {
  readonly events: readonly Recorded[];
  /** Index of the first event to examine. */
  readonly start: number;
  readonly filter?: Filter;
  readonly wants: (event: Recorded) => boolean;
  readonly stream?: string;
  /** A subscriber of a missing stream receives nothing until the stream exists. */
  readonly waits: boolean;
  /** Confirmed, and then silent forever. */
  readonly nothing?: boolean;
}

/** One subscriber, from its confirmation until it leaves, falls behind, or its stream ends. */
export class Subscription {
  private readonly queue: Buffer[] = [];
  private looked = 0;
  private silent = false;
  private pumping = false;
  private waits = false;
  /** Set when the subscription is to end as soon as the queue is empty. */
  private last: { readonly refusal?: Refusal } | undefined;

  constructor(
    private readonly log: Log,
    private readonly source: Source,
    private readonly outlet: Outlet,
  ) {}

  async run(): Promise<void> {
    this.outlet.send(confirmationFrame(randomUUID()));
    if (this.source.nothing) return;
    await this.catchUp();
  }

  /** Stays open and sends nothing more. */
  fallSilent(): void {
    this.silent = true;
  }

  /** A checkpoint beyond the last existing event. */
  promise(position: number): void {
    this.push(checkpointFrame(position));
  }

  /** Ends after what is queued: cleanly, or with a refusal. */
  end(refusal?: Refusal): void {
    this.last ??= { refusal };
    void this.pump();
  }

  /** For a subscriber that is too slow while live. */
  drop(): void {
    this.end(timedOut('Consumer too slow to handle event while live. Client resubscription required.'));
  }

  /** Pages through existing events, at the reader's pace. Events written meanwhile are included. */
  private async catchUp(): Promise<void> {
    const { events } = this.source;
    for (let index = this.source.start; index < events.length; index += 1) {
      for (const frame of this.framesOf(events[index]!)) {
        if (this.outlet.closed || this.silent) return;
        if (!this.outlet.send(frame)) await this.outlet.ready();
      }
    }
    if (!this.source.waits) this.push(caughtUpFrame());
    this.waits = this.source.waits;
    this.outlet.onEnd(this.log.onWritten((written) => this.arrived(written)));
  }

  private arrived(written: readonly Recorded[]): void {
    for (const event of written) {
      if (this.last) return;
      for (const frame of this.framesOf(event)) this.push(frame);
      if (this.waits && event.stream === this.source.stream) {
        this.waits = false;
        this.push(caughtUpFrame());
      }
      if (event.revision === TOMBSTONE && event.stream === this.source.stream) this.end(streamDeleted(event.stream));
      else if (this.queue.length > LIVE_BUFFER) this.drop();
    }
  }

  private push(frame: Buffer): void {
    if (this.silent) return;
    this.queue.push(frame);
    void this.pump();
  }

  private *framesOf(event: Recorded): Iterable<Buffer> {
    const { filter, wants } = this.source;
    if (wants(event)) yield event.frame;
    if (!filter) return;
    this.looked += 1;
    if (this.looked < filter.interval) return;
    this.looked = 0;
    yield checkpointFrame(event.position);
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    while (this.queue.length > 0 && !this.outlet.closed) {
      if (!this.outlet.send(this.queue.shift()!)) await this.outlet.ready();
    }
    this.pumping = false;
    if (this.last) this.outlet.end(this.last.refusal);
  }
}

/** The start of a subscription; a refusal if it is invalid. */
export function sourceOf(log: Log, options: ReadReq.Options): Source | Refusal {
  return options.hasStream() ? streamSource(log, options.getStream()!) : allSource(log, options);
}

/** A given position is the last one seen, so the subscription starts after it. */
function allSource(log: Log, options: ReadReq.Options): Source | Refusal {
  const filter = filterOf(options);
  if (filter && 'code' in filter) return filter;
  const from = options.getAll()!;
  const index = placeInAll(log, from);
  if (typeof index !== 'number') return unforeseen();
  const seen = from.hasPosition() && log.events[index]?.position === Number(from.getPosition()!.getCommitPosition());
  return {
    events: log.events,
    start: seen ? index + 1 : index,
    nothing: looksAtNothing(options),
    filter,
    waits: false,
    wants: filter?.passes ?? (() => true),
  };
}

function streamSource(log: Log, from: ReadReq.Options.StreamOptions): Source | Refusal {
  const stream = nameIn(from.getStreamIdentifier());
  if (log.isTombstoned(stream)) return streamDeleted(stream);
  const end = log.lastRevision(stream) + 1;
  const start = from.hasStart() ? 0 : from.hasEnd() ? end : Number(from.getRevision()) + 1;
  return {
    events: log.eventsOf(stream),
    start: Math.max(start, log.firstVisible(stream)),
    stream,
    waits: !from.hasEnd() && (end === 0 || log.isSoftDeleted(stream)),
    wants: (event) => event.stream === stream && event.revision >= start,
  };
}
