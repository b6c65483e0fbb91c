import { v5 as uuidv5 } from 'uuid';
import type { NewEvent } from '../domain/event';

type Said = Pick<NewEvent, 'type' | 'data' | 'metadata'>;

/**
 * The id of an event, the `ordinal`th of its command, counted from 0. All it says is part of it. A store knows a repeated
 * append by ids alone, so another command under the same key, or the same one decided at another instant, must not be
 * taken for what stands there already; and whoever has an event can tell whether it was changed.
 */
export function eventIdOf(stream: string, ordinal: number, { type, data, metadata }: Said): string {
  return uuidv5(`${stream}/${ordinal}/${JSON.stringify([type, data, metadata])}`, metadata.commandId);
}

/** How ids were made until 2026-11-23: they say which event of which command it is, and not what it says. */
export function olderEventIdOf(stream: string, ordinal: number, { metadata }: Said): string {
  return uuidv5(`${stream}/${ordinal}`, metadata.commandId);
}
