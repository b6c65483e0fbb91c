import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import type { NewEvent } from '../../src/domain/event';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import type { Store } from '../../src/store/store';

const NAMESPACE = '0e2f8c3e-5f0f-4c1c-9a57-8a7d5a2f6a11';
const START = Date.parse('2026-03-01T00:00:00.000Z');

export const idOf = (name: string): string => uuidv5(name, NAMESPACE);

/** An event whose data say which one it is. */
export function eventNamed(name: string): NewEvent {
  const id = idOf(name);
  const metadata = {
    schemaVersion: '1',
    workspace: 'default',
    actorId: `actor-of-${name.length % 3}`,
    actorKind: 'person',
    tool: 'test',
    occurredAt: new Date(START).toISOString(),
    commandId: id,
    commandType: 'ChangeMetadata',
    commandHash: '0123456789abcdef',
    $correlationId: id,
    $causationId: id,
  } as const;
  return { id, type: 'MetadataChanged', data: { title: name }, metadata };
}

/** A real store in a directory of its own, and a ledger beside it. */
export class Log {
  readonly directory = mkdtempSync(join(tmpdir(), 'palimpsest-ledger-'));
  readonly ledger = join(this.directory, 'ledger');
  readonly file = join(this.directory, 'events.sqlite');
  now = START;
  readonly clock = (): number => {
    this.now += 1;
    return this.now;
  };
  store: Store = this.open();
  private readonly revisions = new Map<string, number>();
  private written = 0;

  open(): Store {
    return openSqliteStore(this.file, { synchronous: 'OFF', clock: this.clock });
  }

  /** Appends events to so many streams in turn, as one append a stream. */
  async grow(events: number, streams = 7): Promise<void> {
    const perStream = new Map<string, NewEvent[]>();
    for (let n = 0; n < events; n += 1, this.written += 1) {
      const stream = `asset-${idOf(`stream ${this.written % streams}`)}`;
      perStream.set(stream, [...(perStream.get(stream) ?? []), eventNamed(`event ${this.written}`)]);
    }
    for (const [stream, batch] of perStream) {
      const before = this.revisions.get(stream);
      await this.store.append(stream, before ?? 'none', batch);
      this.revisions.set(stream, (before ?? -1) + batch.length);
    }
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.directory, { recursive: true });
  }
}
