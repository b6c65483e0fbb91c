import { randomUUID } from 'node:crypto';
import type { Metadata, NewEvent, RecordedEvent } from '../../src/domain/event';
import type { Delivery, Store } from '../../src/store/store';

/** The name of a new stream. */
export function newStream(category = 'asset'): string {
  return `${category}-${randomUUID()}`;
}

export function metadata(more: Partial<Metadata> & Readonly<Record<string, string>> = {}): Metadata {
  const commandId = randomUUID();
  return {
    schemaVersion: '1',
    workspace: 'acme',
    actorId: 'actor-1',
    actorKind: 'person',
    tool: 'figma',
    occurredAt: '2026-03-01T09:30:00.000Z',
    commandId,
    commandType: 'addVersion',
    commandHash: '0123456789abcdef',
    $correlationId: commandId,
    $causationId: commandId,
    ...more,
  };
}

export function event(more: Partial<NewEvent> = {}): NewEvent {
  return { id: randomUUID(), type: 'VersionAdded', data: { version: 1 }, metadata: metadata(), ...more };
}

export function events(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => event({ data: { version: index + 1 } }));
}

export async function pages<T>(source: AsyncIterable<readonly T[]>): Promise<(readonly T[])[]> {
  const all: (readonly T[])[] = [];
  for await (const page of source) all.push(page);
  return all;
}

export async function whole(source: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  return (await pages(source)).flat();
}

export function idsOf(list: readonly { readonly id: string }[]): readonly string[] {
  return list.map(({ id }) => id);
}

/** Follows a subscription until it has caught up with at least `count` events, or the deliveries end. */
export async function follow(
  store: Store,
  after: string,
  enough: (events: readonly RecordedEvent[], delivery: Delivery) => boolean,
): Promise<RecordedEvent[]> {
  const end = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const delivery of store.subscribe({ after, signal: end.signal })) {
    seen.push(...delivery.events);
    if (enough(seen, delivery)) end.abort();
  }
  return seen;
}

/** The outcome of a settled append: the answer, or the error's class and details. */
export async function outcome(appending: Promise<unknown>): Promise<unknown> {
  try {
    return await appending;
  } catch (error) {
    const { name, actual } = error as Error & { actual?: unknown };
    return actual === undefined ? { error: name } : { error: name, actual };
  }
}
