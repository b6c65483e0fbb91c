import type { NewEvent } from '../../domain/event';
import { type MovedAppend, RECEIVED_AT_ONCE, type Target } from '../../store/moving';
import { type Appended, type ExpectedRevision, type Store, Unavailable, UnknownOutcome } from '../../store/store';

/** Delay between an act and its recording, as on a real server, in milliseconds. */
const DELAY = 250;

interface Waiting {
  readonly append: MovedAppend;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A store with the clock of the simulated year: every event is recorded shortly after it occurred, not at the time of
 * the simulation. Appends are written in the order of the calls (S14); an answer carries the position of the log after
 * it.
 */
export class SimulatedRecording implements Store {
  readonly ordered = true;
  private readonly waiting: Waiting[] = [];
  private writing = false;

  constructor(private readonly target: Target) {}

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const append = { stream, expected, events: events.map(dated) };
    return new Promise((resolve, reject) => {
      this.waiting.push({ append, resolve, reject });
      if (this.writing) return;
      this.writing = true;
      // Appends made in the same turn of the event loop share the transaction.
      setImmediate(() => void this.write());
    });
  }

  readStream(...given: Parameters<Store['readStream']>): ReturnType<Store['readStream']> {
    return this.target.readStream(...given);
  }

  readAll(...given: Parameters<Store['readAll']>): ReturnType<Store['readAll']> {
    return this.target.readAll(...given);
  }

  subscribe(): never {
    throw new Error('a store that is being filled has no subscription');
  }

  head(): Promise<string> {
    return this.target.head();
  }

  close(): Promise<void> {
    return this.target.close();
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.take();
      try {
        await this.target.receive(batch.map(({ append }) => append));
        const position = await this.target.head();
        for (const { append, resolve } of batch) resolve({ revision: lastRevision(append), position });
      } catch (error) {
        if (isDoubt(error)) await this.refuse(batch, error);
        else if (batch.length === 1) batch[0]!.reject(error);
        else await this.writeOneByOne(batch);
      }
    }
    this.writing = false;
  }

  /**
   * Refuses everything behind an append that may be missing, including appends requested before its caller can know.
   */
  private async refuse(batch: readonly Waiting[], error: unknown): Promise<void> {
    const refuse = (refused: readonly Waiting[]) => {
      for (const { reject } of refused) reject(error);
    };
    refuse([...batch, ...this.waiting.splice(0)]);
    await new Promise(setImmediate);
    refuse(this.waiting.splice(0));
  }

  /** Only separate writes show which append of a batch failed; what is already written is not written again. */
  private async writeOneByOne(batch: readonly Waiting[]): Promise<void> {
    for (const [index, { append, resolve, reject }] of batch.entries()) {
      try {
        await this.target.receive([append]);
        resolve({ revision: lastRevision(append), position: await this.target.head() });
      } catch (error) {
        if (isDoubt(error)) return this.refuse(batch.slice(index), error);
        reject(error);
      }
    }
  }

  private take(): readonly Waiting[] {
    let events = 0;
    let count = 0;
    while (count < this.waiting.length) {
      events += this.waiting[count]!.append.events.length;
      if (events > RECEIVED_AT_ONCE && count > 0) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }
}

function isDoubt(error: unknown): boolean {
  return error instanceof UnknownOutcome || error instanceof Unavailable;
}

function dated(event: NewEvent) {
  const recorded = Date.parse(event.metadata.occurredAt) + DELAY;
  return { ...event, original: { recordedAt: new Date(recorded).toISOString() } };
}

function lastRevision({ expected, events }: MovedAppend): number {
  return (expected === 'none' ? -1 : expected) + events.length;
}
