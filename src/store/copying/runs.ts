import type { RecordedEvent } from '../../domain/event';
import { type MovedAppend, type MovedEvent, RECEIVED_AT_ONCE } from '../moving';

/** Of one append at most: every store takes twice as much, so that what a store adds by itself has room too. */
const LIMIT = { events: 500, bytes: 500_000 };
/** Of one `receive`, about. */
const ENOUGH = { events: RECEIVED_AT_ONCE - 2 * LIMIT.events, bytes: 8_000_000 };

interface Weighed {
  readonly event: RecordedEvent;
  readonly bytes: number;
}

/**
 * A log as appends, in its own order: consecutive events of one stream go together, events of one command are parted
 * only where they are too many, and appends come in groups, so that few answers have to be waited for.
 */
export class Runs {
  private run: Weighed[] = [];
  private runBytes = 0;
  private group: MovedAppend[] = [];
  private groupEvents = 0;
  private groupBytes = 0;

  /** Takes a page; gives every group that is big enough by now. */
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

  /** What is left at the end. */
  *end(): Generator<readonly MovedAppend[]> {
    this.close(this.run.length);
    if (this.group.length > 0) yield this.take();
  }

  /** How many events of the run can go before the next one without parting a command; all where there is no seam. */
  private seam(next: RecordedEvent): number {
    const all = [...this.run.map(({ event }) => event), next];
    for (let index = this.run.length; index > 0; index -= 1) {
      if (all[index]!.metadata.commandId !== all[index - 1]!.metadata.commandId) return index;
    }
    return this.run.length;
  }

  /** The first events of the run are an append. */
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

/** An event that was copied before still says where it was recorded first. */
function moved({ id, type, data, metadata, position, originalPosition, recordedAt }: RecordedEvent): MovedEvent {
  return { id, type, data, metadata, original: { position: originalPosition ?? position, recordedAt } };
}
