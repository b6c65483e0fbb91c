import type { NewEvent } from '../../domain/event';
import { createExecute } from '../../execute/execute';
import type { Execute, Intent } from '../../execute/intent';
import type { Store } from '../../store/store';
import { AheadStore } from './aheadstore';
import { InOrderStore } from './inorder';

/** Commands on their way at once: enough to share durable commits, few enough to stop soon. */
const IN_FLIGHT = 2000;

/** One command to come. It is built when its turn comes, since it may depend on what an earlier one decided. */
export interface Step {
  readonly stream: string;
  /** Streams it asks about that may have commands on their way, too. */
  readonly asks?: readonly string[];
  build(): Intent | undefined;
  /** The events the command gave; called when they are decided, before they are durable. */
  decided?(events: readonly Pick<NewEvent, 'type' | 'data'>[]): void;
}

export interface Refused {
  readonly intent: Intent;
  readonly code: string;
  readonly message: string;
}

/** A command that was sent: what follows on its stream waits until it is decided, not until it is written. */
interface Flight {
  readonly step: Step;
  readonly decided: Promise<void>;
  readonly settle: () => void;
}

/**
 * Sends commands in one certain order, many at once. The log has them in that order, so that a run that was killed and
 * goes on gives the same log as one that was not.
 */
export class Issuer {
  /** Events written by this run. */
  written = 0;
  readonly refused: Refused[] = [];
  private readonly ahead: AheadStore;
  private readonly execute: Execute;
  private readonly flights = new Map<string, Flight>();
  /** stream → the last command sent to it. */
  private readonly last = new Map<string, Flight>();
  private readonly writing = new Set<Promise<void>>();
  private failure: unknown;
  private onRoom: () => void = () => {};

  constructor(
    store: Store,
    clock: () => number,
    private readonly signal?: AbortSignal,
  ) {
    this.ahead = new AheadStore(new InOrderStore(store), (events) => this.decided(events));
    this.execute = createExecute({ store: this.ahead, clock, random: Math.random, ordered: true });
  }

  async issue(step: Step): Promise<void> {
    await this.last.get(step.stream)?.decided;
    for (const stream of step.asks ?? []) await this.last.get(stream)?.decided;
    while (this.writing.size >= IN_FLIGHT) await this.room();
    this.check();
    const intent = step.build();
    if (intent === undefined) return;
    let settle = () => {};
    const decided = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const flight = { step, decided, settle };
    this.flights.set(intent.commandId, flight);
    this.last.set(step.stream, flight);
    const writing: Promise<void> = this.send(intent, flight).finally(() => this.landed(writing));
    this.writing.add(writing);
  }

  /** Step by step across streams: the first of each, then the second of each, so that no stream waits for itself long. */
  async issueAll(scripts: Iterable<readonly Step[]>): Promise<void> {
    let round = [...scripts];
    for (let index = 0; round.length > 0; index += 1) {
      for (const steps of round) await this.issue(steps[index]!);
      round = round.filter((steps) => steps.length > index + 1);
    }
  }

  /** Waits until everything sent is written; throws what went wrong. */
  async drain(): Promise<void> {
    await this.settle();
    this.check();
  }

  /** Another import wrote what this one would have: what follows builds on the log as it is now. */
  reread(): void {
    this.ahead.reread();
  }

  /** Waits for everything on its way without complaint. */
  async settle(): Promise<void> {
    await Promise.all(this.writing);
  }

  private room(): Promise<void> {
    return new Promise((resolve) => {
      this.onRoom = resolve;
    });
  }

  private landed(writing: Promise<void>): void {
    this.writing.delete(writing);
    this.onRoom();
    this.onRoom = () => {};
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
    this.signal?.throwIfAborted();
  }

  private decided(events: readonly NewEvent[]): void {
    const flight = this.flights.get(events[0]?.metadata.commandId ?? '');
    flight?.step.decided?.(events);
    flight?.settle();
  }

  private async send(intent: Intent, flight: Flight): Promise<void> {
    try {
      const answer = await this.execute(intent);
      if (!answer.ok) this.refused.push({ intent, ...answer.refusal });
      else if (answer.repeated) flight.step.decided?.(answer.events);
      else this.written += answer.events.length;
    } catch (error) {
      this.failure ??= error;
    } finally {
      this.flights.delete(intent.commandId);
      if (this.last.get(flight.step.stream) === flight) this.last.delete(flight.step.stream);
      flight.settle();
    }
  }
}
