import type { Answer, Execute, Intent } from '../../runtime/intent';
import { Interrupted } from '../exit';

/** Commands on their way at once: enough to share durable commits, few enough to stop soon. */
const IN_FLIGHT = 512;

/** One command to come. It is built when its turn comes, since it may depend on the answer to an earlier one. */
export interface Step {
  readonly stream: string;
  /** Streams the decision asks about: what is on its way to them must have arrived. */
  readonly after?: string;
  build(): Intent | undefined;
  answered?(answer: Answer): void;
}

export interface Refused {
  readonly intent: Intent;
  readonly code: string;
  readonly message: string;
}

/** Sends commands in one certain order, many at once, never two to the same stream. */
export class Issuer {
  /** Events written by this run. */
  written = 0;
  readonly refused: Refused[] = [];
  private readonly inFlight = new Map<string, Promise<void>>();
  private failure: unknown;
  private onRoom: () => void = () => {};

  constructor(
    private readonly execute: Execute,
    private readonly signal?: AbortSignal,
  ) {}

  async issue(step: Step): Promise<void> {
    await this.inFlight.get(step.stream);
    if (step.after !== undefined) await this.inFlight.get(step.after);
    while (this.inFlight.size >= IN_FLIGHT) await this.room();
    this.check();
    const intent = step.build();
    if (intent === undefined) return;
    const flight = this.send(intent, step).finally(() => this.landed(step.stream));
    this.inFlight.set(step.stream, flight);
  }

  /** Step by step across streams: the first of each, then the second of each, so that no stream waits for itself long. */
  async issueAll(scripts: Iterable<readonly Step[]>): Promise<void> {
    let round = [...scripts];
    for (let index = 0; round.length > 0; index += 1) {
      for (const steps of round) await this.issue(steps[index]!);
      round = round.filter((steps) => steps.length > index + 1);
    }
  }

  /** Waits for everything on its way; throws what went wrong. */
  async drain(): Promise<void> {
    await Promise.all(this.inFlight.values());
    this.check();
  }

  /** Waits for everything on its way without complaint. */
  async settle(): Promise<void> {
    await Promise.all(this.inFlight.values());
  }

  private room(): Promise<void> {
    return new Promise((resolve) => {
      this.onRoom = resolve;
    });
  }

  private landed(stream: string): void {
    this.inFlight.delete(stream);
    this.onRoom();
    this.onRoom = () => {};
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
    if (this.signal?.aborted) throw new Interrupted();
  }

  private async send(intent: Intent, step: Step): Promise<void> {
    try {
      const answer = await this.execute(intent);
      if (!answer.ok) this.refused.push({ intent, ...answer.refusal });
      else if (!answer.repeated) this.written += answer.events.length;
      step.answered?.(answer);
    } catch (error) {
      this.failure ??= error;
    }
  }
}
