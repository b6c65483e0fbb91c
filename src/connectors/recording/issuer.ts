import type { NewEvent } from '../../domain/event';
import { createExecute } from '../../execute/execute';
import type { Execute, Intent } from '../../execute/intent';
import type { Store } from '../../store/store';
import { AheadStore } from './aheadstore';
import { InOrderStore } from './inorder';

/** Maximum number of commands in flight: enough to share durable commits, few enough to stop soon. */
const IN_FLIGHT = 2000;

/** A command to be sent. It is built when its turn comes, since it may depend on the decision of an earlier one. */
export interface Step {
  readonly stream: string;
  /** Other streams it reads, which may also have commands in flight. */
  readonly asks?: readonly string[];
  build(): Intent | undefined;
  /** Called with the command's events when they are decided, before they are durable. */
  decided?(events: readonly Pick<NewEvent, 'type' | 'data'>[]): void;
}

export interface Refused {
  readonly intent: Intent;
  readonly code: string;
  readonly message: string;
}

/** A command in flight: the next one on its stream waits until it is decided, not until it is written. */
interface Flight {
  readonly step: Step;
  readonly decided: Promise<void>;
  readonly settle: () => void;
}

/**
 * Sends many commands at once in a deterministic order, which the log preserves. So a run that was killed and resumed
 * gives the same log as one that was not.
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

  /**
   * Round by round across streams: the first step of each, then the second of each, so that consecutive steps of one
   * stream rarely wait for each other.
   */
  async issueAll(scripts: Iterable<readonly Step[]>): Promise<void> {
    let round = [...scripts];
    for (let index = 0; round.length > 0; index += 1) {
      for (const steps of round) await this.issue(steps[index]!);
      round = round.filter((steps) => steps.length > index + 1);
    }
  }

  /** Waits until everything sent is written; throws the first error. */
  async drain(): Promise<void> {
    await this.settle();
    this.check();
  }

  /** After a concurrent import wrote the same commands: later decisions start from the current log. */
  reread(): void {
    this.ahead.reread();
  }

  /** Waits for all commands in flight without throwing. */
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
