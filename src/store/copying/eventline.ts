import type { RecordedEvent } from '../../domain/event';
import { toJson } from '../appendcheck';

/**
 * One line of canonical text for an event, equal in every store that holds it: it omits the event's position in this
 * store, includes where and when the event was first recorded, and sorts metadata by key.
 */
export function canonical(event: RecordedEvent): string {
  const { stream, revision, id, type, recordedAt, position, originalPosition = position } = event;
  const kept = event.metadata as unknown as Readonly<Record<string, string>>;
  const metadata = Object.keys(kept)
    .sort()
    .map((key) => [key, kept[key]]);
  const envelope = JSON.stringify([stream, revision, id, type, originalPosition, recordedAt, metadata]);
  return `${envelope}${toJson(event.data)}\n`;
}

/** Names the part of the envelope in which two supposedly equal events differ. */
export function whatDiffers(one: RecordedEvent, other: RecordedEvent): string {
  const parts = {
    stream: (event: RecordedEvent) => event.stream,
    revision: (event: RecordedEvent) => event.revision,
    id: (event: RecordedEvent) => event.id,
    type: (event: RecordedEvent) => event.type,
    data: (event: RecordedEvent) => toJson(event.data),
    recordedAt: (event: RecordedEvent) => event.recordedAt,
    'original position': (event: RecordedEvent) => event.originalPosition ?? event.position,
  };
  const [name] = Object.entries(parts).find(([, part]) => part(one) !== part(other)) ?? ['metadata'];
  return name;
}
