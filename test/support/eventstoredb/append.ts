import { randomUUID } from 'node:crypto';
import { decide, type Expectation, type RecentWrites } from './decide';
import type { Log, Proposed } from './log';
import { type Refusal, streamDeleted, tooLarge, wrongRevision } from './refusals';

/** A real server's limit for the events of one append, in bytes. */
export const LARGEST_APPEND = 1_048_576;

export type Answer =
  /** Revision of the last event of the append (-1: the stream is empty), and its position if visible. */
  | { readonly is: 'success'; readonly revision: number; readonly position: number | undefined }
  | { readonly is: 'refused'; readonly refusal: Refusal; readonly actual?: number }
  | { readonly is: 'unanswered' };

/** Metadata that hides every event; JSON.stringify would lose the last digits of the number. */
const HIDDEN = '{"$tb":9223372036854775807}';

const NIL = '00000000-0000-0000-0000-000000000000';

/** The size of an append against the limit, in bytes of data. Types and metadata are not counted. */
export function weightOf(events: readonly Proposed[]): number {
  return events.reduce((sum, { data }) => sum + data.length, 0);
}

/** Why a server cannot read an event; undefined if it can. */
export function faultOf({ id, type }: Proposed): string | undefined {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    return 'Unrecognized Guid format.';
  }
  if (id === NIL) return "Empty eventId provided. (Parameter 'eventId')";
  return type === '' ? "Empty eventType provided. (Parameter 'eventType')" : undefined;
}

export class Appending {
  constructor(
    private readonly log: Log,
    private readonly recent: RecentWrites,
  ) {}

  append(stream: string, expected: Expectation, events: readonly Proposed[]): Answer {
    if (weightOf(events) > LARGEST_APPEND) return { is: 'refused', refusal: tooLarge(LARGEST_APPEND) };
    const ids = events.map(({ id }) => id);
    const decision = decide(this.log, this.recent, stream, expected, ids);
    switch (decision.is) {
      case 'write':
        return this.write(stream, events);
      case 'repeated':
        return this.repeated(stream, decision.last);
      case 'deleted':
        return { is: 'refused', refusal: streamDeleted(stream) };
      case 'wrong': {
        const refusal = wrongRevision('Append', stream, expected, decision.actual);
        return { is: 'refused', refusal, actual: decision.actual };
      }
      case 'unanswered':
        return decision;
    }
  }

  /** Hides a stream's events. Its revisions continue when it is written to again. */
  softDelete(stream: string, expected: Expectation): Answer {
    const actual = this.log.lastRevision(stream);
    if (expected === 'any' && actual < 0) {
      return { is: 'refused', refusal: wrongRevision('Delete', stream, expected, actual), actual };
    }
    return this.deleting(stream, expected, () => this.write(`$$${stream}`, [systemEvent('$metadata', HIDDEN)]));
  }

  tombstone(stream: string, expected: Expectation): Answer {
    return this.deleting(stream, expected, () => {
      const { position } = this.log.tombstone(stream, randomUUID());
      return { is: 'success', revision: -1, position };
    });
  }

  private deleting(stream: string, expected: Expectation, remove: () => Answer): Answer {
    if (this.log.isTombstoned(stream)) return { is: 'refused', refusal: streamDeleted(stream) };
    const actual = this.log.lastRevision(stream);
    const wanted = expected === 'no_stream' ? -1 : expected;
    const missing = expected === 'stream_exists' && actual < 0;
    if (missing || (typeof wanted === 'number' && wanted !== actual)) {
      return { is: 'refused', refusal: wrongRevision('Delete', stream, expected, actual), actual };
    }
    return remove();
  }

  private write(stream: string, events: readonly Proposed[]): Answer {
    if (events.length === 0) {
      return { is: 'success', revision: this.log.lastRevision(stream), position: this.log.mark(stream) };
    }
    if (this.log.isSoftDeleted(stream)) this.undelete(stream);
    const written = this.log.write(stream, events);
    for (const { id, revision } of written) this.recent.remember(id, stream, revision);
    const { revision, position } = written.at(-1)!;
    return { is: 'success', revision, position };
  }

  /** Events from here on are visible again; earlier ones stay hidden. */
  private undelete(stream: string): void {
    const metadata = { ...this.log.metadataOf(stream), $tb: this.log.lastRevision(stream) + 1 };
    this.log.write(`$$${stream}`, [systemEvent('$metadata', JSON.stringify(metadata))]);
  }

  private repeated(stream: string, revision: number): Answer {
    const event = this.log.eventsOf(stream)[revision];
    if (!event) throw new Error(`${stream} has no revision ${revision} to repeat`);
    const hidden = this.log.isSoftDeleted(stream) || revision < this.log.firstVisible(stream);
    return { is: 'success', revision, position: hidden ? undefined : event.position };
  }
}

export function systemEvent(type: string, data: string): Proposed {
  return { id: randomUUID(), type, json: true, data: Buffer.from(data), metadata: new Uint8Array() };
}
