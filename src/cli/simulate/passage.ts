import type { Command } from '../../domain/catalogue';
import { deciderOf } from '../../domain/deciders';
import type { Answer, Execute } from '../../runtime/intent';
import type { Step } from './step';

/** Commands on their way at once: enough that many share one durable commit. */
const IN_FLIGHT = 256;

/**
 * Sends commands in one certain order, many at once. A command waits only for an earlier one about a stream it writes
 * to or asks about, so that each decides on what it would have found had they gone one by one.
 */
export class Passage {
  private readonly busy = new Map<string, Promise<void>>();
  private readonly sent: Promise<void>[] = [];
  private oldest = 0;
  private failure: unknown;

  constructor(
    private readonly execute: Execute,
    private readonly answered: (step: Step, answer: Answer) => void,
  ) {}

  /** Returns when there is room for another. `command` is asked for when its turn has come. */
  async send(step: Step, command: () => Command): Promise<void> {
    if (step.command.type === 'EndOf') await this.busy.get(`asset-${step.command.asset}`);
    const asked = command();
    const decider = deciderOf(asked.type);
    const stream = decider.streamOf(asked);
    await this.busy.get(stream);
    for (const reference of decider.references(asked)) await this.busy.get(reference);
    if (this.failure !== undefined) throw this.failure;
    const done = this.carry(step, asked).finally(() => {
      if (this.busy.get(stream) === done) this.busy.delete(stream);
    });
    this.busy.set(stream, done);
    this.sent.push(done);
    if (this.sent.length - this.oldest >= IN_FLIGHT) await this.first();
  }

  /** Waits for all that were sent; throws the first thing that went wrong. */
  async end(): Promise<void> {
    while (this.oldest < this.sent.length) await this.first();
    if (this.failure !== undefined) throw this.failure;
  }

  private async first(): Promise<void> {
    await this.sent[this.oldest];
    this.oldest += 1;
    if (this.oldest < 4 * IN_FLIGHT) return;
    this.sent.splice(0, this.oldest);
    this.oldest = 0;
  }

  private async carry(step: Step, command: Command): Promise<void> {
    const { commandId, actor, tool, toolVersion } = step;
    const occurredAt = new Date(step.at).toISOString();
    try {
      const intent = { command, commandId, actor, tool, toolVersion, occurredAt, workspace: 'default' };
      this.answered(step, await this.execute(intent));
    } catch (error) {
      this.failure ??= error;
    }
  }
}
