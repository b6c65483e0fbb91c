import { v5 as uuidv5 } from 'uuid';
import type { NewEvent } from '../domain/event';

type Said = Pick<NewEvent, 'type' | 'data' | 'metadata'>;

/**
 * The id of an event, the `ordinal`th of its command, counted from 0. The id covers everything the event says. A store
 * recognises a repeated append by ids alone, so a different command under the same key, or the same command decided at
 * another instant, must not pass for the stored one; and any holder of an event can tell whether it was changed.
 */
export function eventIdOf(stream: string, ordinal: number, { type, data, metadata }: Said): string {
  return uuidv5(`${stream}/${ordinal}/${JSON.stringify([type, data, metadata])}`, metadata.commandId);
}

/** The event id as computed until 2026-11-23: it identified the event by command and ordinal only, not by content. */
export function olderEventIdOf(stream: string, ordinal: number, { metadata }: Said): string {
  return uuidv5(`${stream}/${ordinal}`, metadata.commandId);
}
