import type { RecordedEvent } from '../../domain/event';
import { type MovedAppend, type MovedEvent, RECEIVED_AT_ONCE } from '../moving';

/** Limits of one append: half of what every store accepts, which leaves room for what a store adds itself. */
const LIMIT = { events: 500, bytes: 500_000 };
/** Approximate size of one `receive`. */
const ENOUGH = { events: RECEIVED_AT_ONCE - 2 * LIMIT.events, bytes: 8_000_000 };

interface Weighed {
  readonly event: RecordedEvent;
  readonly bytes: number;
}

/**
 * Splits a log into appends in its own order: consecutive events of one stream go together, the events of one command
 * are separated only if there are too many, and appends are grouped to reduce round trips.
 */
export class Runs {
  private run: Weighed[] = [];
  private runBytes = 0;
  private group: MovedAppend[] = [];
  private groupEvents = 0;
  private groupBytes = 0;

  /** Adds a page; yields every group that is full. */
  *add(page: readonly RecordedEvent[]): Generator<readonly MovedAppend[]> {
    for (const event of page) {
      const bytes = Buffer.byteLength(JSON.stringify([event.data, event.metadata]));
      if (this.run.at(-1)?.event.stream !== event.stream) this.close(this.run.length);
      while (this.run.length > 0 && (this.run.length >= LIMIT.events || this.runBytes + bytes > LIMIT.bytes)) {
        this.close(this.seam(event));
      }
      this.run.push({ event, bytes });
      this.runBytes += bytes;
      if (this.groupEvents >= ENOUGH.events || this.groupBytes >= ENOUGH.bytes) yield this.take();
    }
  }

  /** Yields the rest at the end. */
  *end(): Generator<readonly MovedAppend[]> {
    this.close(this.run.length);
    if (this.group.length > 0) yield this.take();
  }

  /**
   * How many events of the run can be sent before the next one without splitting a command; all of them if there is no
   * boundary.
   */
  private seam(next: RecordedEvent): number {
    const all = [...this.run.map(({ event }) => event), next];
    for (let index = this.run.length; index > 0; index -= 1) {
      if (all[index]!.metadata.commandId !== all[index - 1]!.metadata.commandId) return index;
    }
    return this.run.length;
  }

  /** Turns the first events of the run into an append. */
  private close(count: number): void {
    const first = this.run.splice(0, count);
    if (first.length === 0) return;
    const { stream, revision } = first[0]!.event;
    const bytes = first.reduce((sum, each) => sum + each.bytes, 0);
    const events = first.map(({ event }) => moved(event));
    this.group.push({ stream, expected: revision === 0 ? 'none' : revision - 1, events });
    this.runBytes -= bytes;
    this.groupBytes += bytes;
    this.groupEvents += events.length;
  }

  private take(): readonly MovedAppend[] {
    const taken = this.group;
    this.group = [];
    this.groupEvents = 0;
    this.groupBytes = 0;
    return taken;
  }
}

/** An event that was copied before keeps its original provenance. */
function moved({ id, type, data, metadata, position, originalPosition, recordedAt }: RecordedEvent): MovedEvent {
  return { id, type, data, metadata, original: { position: originalPosition ?? position, recordedAt } };
}
