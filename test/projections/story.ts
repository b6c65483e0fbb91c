import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECTIONS } from '../../projections/all';
import type { EventType, Recorded } from '../../src/domain/catalogue';
import type { Command } from '../../src/domain/deciders';
import type { Actor, RecordedEvent } from '../../src/domain/event';
import { createExecute } from '../../src/execute/execute';
import type { Execute } from '../../src/execute/intent';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import type { Store } from '../../src/store/store';
import type { ProjectionReader } from '../../src/tables/reader';
import { createRuntime, type Runtime } from '../../src/tables/runtime';
import { uuidOf } from '../domain/world';
import { engineOfRun, tablesAt } from '../support/engines';

interface Circumstances {
  /** When it was done, if not when it is recorded. */
  readonly occurredAt?: string;
  readonly tool?: string;
}

/** Acts on the real store, folded by the real runtime, at times that the test sets. */
export class Story {
  /** The time on the clock; an act is done then by default. */
  now = '2026-03-02T09:00:00.000Z';
  private readonly execute: Execute;
  private commands = 0;

  private constructor(
    private readonly directory: string,
    private readonly store: Store,
    private readonly runtime: Runtime,
  ) {
    this.execute = createExecute({ store, clock: () => Date.parse(this.now), random: () => 0 });
  }

  static async open(): Promise<Story> {
    const directory = mkdtempSync(join(tmpdir(), 'palimpsest-story-'));
    let story: Story | undefined;
    const clock = () => Date.parse(story?.now ?? '2026-01-01T00:00:00.000Z');
    const store = openSqliteStore(join(directory, 'events.sqlite'), { clock, synchronous: 'OFF' });
    const tables = await tablesAt(engineOfRun, directory, 'tables.sqlite');
    const runtime = await createRuntime({ store, projections: PROJECTIONS, tables, clock });
    story = new Story(directory, store, runtime);
    return story;
  }

  async close(): Promise<void> {
    await this.runtime.stop();
    await this.store.close();
    rmSync(this.directory, { recursive: true });
  }

  /** The resulting events of a command; a refusal fails the test. */
  async does(actor: string | Actor, command: Command, how: Circumstances = {}): Promise<readonly RecordedEvent[]> {
    this.commands += 1;
    const answer = await this.execute({
      command,
      actor: typeof actor === 'string' ? { id: actor, kind: 'person' } : actor,
      workspace: 'default',
      tool: how.tool ?? 'studio',
      commandId: uuidOf(`command ${this.commands}`),
      occurredAt: how.occurredAt,
    });
    if (!answer.ok) throw new Error(`${command.type} refused: ${answer.refusal.code} ${answer.refusal.message}`);
    const written: RecordedEvent[] = [];
    const after = answer.revision - answer.events.length;
    for await (const page of this.store.readStream(answer.stream, { after })) written.push(...page);
    return written;
  }

  /** The only resulting event of a type. */
  async event<T extends EventType>(
    type: T,
    actor: string | Actor,
    command: Command,
    how?: Circumstances,
  ): Promise<Recorded<T>> {
    const found = (await this.does(actor, command, how)).find((event) => event.type === type);
    if (found === undefined) throw new Error(`${command.type} led to no ${type}`);
    return found as Recorded<T>;
  }

  /** The tables of a projection, including everything so far. */
  async reader(projection: (typeof PROJECTIONS)[number]['name']): Promise<ProjectionReader> {
    await this.runtime.catchUp();
    return this.runtime.reader(projection);
  }

  /** The whole log. */
  async log(): Promise<readonly RecordedEvent[]> {
    const all: RecordedEvent[] = [];
    for await (const page of this.store.readAll()) all.push(...page);
    return all;
  }
}
