import { v5 as uuidv5 } from 'uuid';
import type { Command } from '../domain/deciders';
import type { RecordedEvent } from '../domain/event';
import { contentOf, streamOf } from '../domain/stream';
import type { Execute } from '../execute/intent';
import type { Store } from '../store/store';

/** Of the ids of commands that reactions issue; an arbitrary constant. */
const NAMESPACE = '0d7b6c1e-98a4-5c0f-a3f4-5f2b1f7e6a55';

/** How a reaction tells the log what it has done. */
export class Reporting {
  constructor(
    private readonly store: Pick<Store, 'readStream'>,
    private readonly execute: Execute,
    private readonly toolVersion: string,
  ) {}

  /** Whether something was told of a content already. */
  async told(digest: string, isIt: (event: RecordedEvent) => boolean): Promise<boolean> {
    for await (const page of this.store.readStream(streamOf('content', contentOf(digest)))) {
      if (page.some(isIt)) return true;
    }
    return false;
  }

  /** Tells it once for each name, whoever is asked again. Throws where it is refused, which it never should be. */
  async tell(name: string, command: Command, cause: RecordedEvent): Promise<void> {
    const answer = await this.execute({
      command,
      commandId: uuidv5(name, NAMESPACE),
      actor: { id: 'palimpsest', kind: 'service' },
      workspace: cause.metadata.workspace,
      tool: 'palimpsest',
      toolVersion: this.toolVersion,
      correlationId: cause.metadata.$correlationId,
      causationId: cause.id,
    });
    // The same name with other data: two servers drew with different fonts. What was told first stays.
    if (!answer.ok && answer.refusal.code !== 'IDEMPOTENCY_KEY_REUSED') {
      throw new Error(`${command.type} was refused: ${answer.refusal.message}`);
    }
  }
}
