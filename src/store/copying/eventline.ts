import type { RecordedEvent } from '../../domain/event';
import { toJson } from '../appendcheck';

/**
 * One line of text for an event, the same in every store that holds it: its place here is left out, where and when it
 * was first recorded is in it, and metadata stands in the order of its keys.
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

/** What of two events that should be the same is not, in the words of the envelope. */
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
