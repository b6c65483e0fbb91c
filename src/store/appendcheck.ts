import type { NewEvent } from '../domain/event';
import { checkJson, utf8Bytes } from '../domain/json';
import { type ExpectedRevision, Invalid, TooLarge } from './store';

/** Limits that every adapter checks before anything is written (S9). Sizes are bytes of UTF-8 JSON. */
export const LIMITS = {
  nameLength: 200,
  metadataValueLength: 2_000,
  eventBytes: 262_144,
  appendEvents: 1_000,
  appendBytes: 1_000_000,
} as const;

/** An event that passed every check, with its data as JSON text and its id in lower case. */
export interface CheckedEvent {
  readonly id: string;
  readonly type: string;
  readonly json: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Size of its data and metadata. */
  readonly bytes: number;
}

/** Metadata keys with this prefix are refused: only a copy may state an event's original provenance. */
export const RESERVED = '$original';
const NAME = /^[!-#%-~][ -~]{0,199}$/;
/** Matches most keys and values: every character is one byte, and the lack of an underscore rules out `__proto__`. */
const PLAIN = /^[$A-Za-z0-9][ -^`-~]*$/;
/** Means "no id" in many systems, including one of the event stores. */
const NIL = '00000000-0000-0000-0000-000000000000';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Throws Invalid or TooLarge with the path of the first value that cannot be stored exactly. */
export function checkAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): readonly CheckedEvent[] {
  checkName(stream, 'stream');
  if (expected !== 'none' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new Invalid('expected', 'must be `none` or a revision, a whole number from 0 on');
  }
  if (events.length === 0) throw new Invalid('events', 'an append holds at least one event');
  if (events.length > LIMITS.appendEvents) {
    throw new Invalid('events', `an append holds at most ${LIMITS.appendEvents} events, not ${events.length}`);
  }
  if (events.length === 1) return [checkEvent(events[0]!, 'events[0]')];
  const ids = new Set<string>();
  let total = 0;
  const checked = events.map((event, index) => {
    const path = `events[${index}]`;
    const kept = checkEvent(event, path);
    if (ids.has(kept.id)) throw new Invalid(`${path}.id`, 'occurs twice in one append');
    ids.add(kept.id);
    total += kept.bytes;
    return kept;
  });
  if (total > LIMITS.appendBytes) throw new TooLarge('events', LIMITS.appendBytes, total);
  return checked;
}

function checkEvent(event: NewEvent, path: string): CheckedEvent {
  if (typeof event.id !== 'string' || !UUID.test(event.id)) throw new Invalid(`${path}.id`, 'must be a UUID');
  if (event.id === NIL) throw new Invalid(`${path}.id`, 'must not be the empty UUID');
  checkName(event.type, `${path}.type`);
  const metadataBytes = checkMetadata(event.metadata, `${path}.metadata`);
  const fault = checkJson(event.data, `${path}.data`);
  if (fault !== undefined) throw new Invalid(fault.path, fault.reason);
  const json = toJson(event.data);
  const bytes = utf8Bytes(json) + metadataBytes;
  if (bytes > LIMITS.eventBytes) throw new TooLarge(path, LIMITS.eventBytes, bytes);
  const metadata = event.metadata as unknown as Record<string, string>;
  return { id: event.id.toLowerCase(), type: event.type, json, metadata, bytes };
}

function checkName(name: unknown, path: string): void {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new Invalid(
      path,
      `must be 1 to ${LIMITS.nameLength} printable ASCII characters, the first neither $ nor blank`,
    );
  }
}

/** Returns the size of its keys and values in bytes. A property that is `undefined` counts as absent. */
function checkMetadata(metadata: unknown, path: string): number {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new Invalid(path, 'must be a flat map of strings');
  }
  let bytes = 0;
  for (const key of Object.keys(metadata)) {
    const value = (metadata as Record<string, unknown>)[key];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw new Invalid(`${path}.${key}`, 'must be a string');
    if (key.startsWith(RESERVED)) throw new Invalid(`${path}.${key}`, 'is reserved for `palimpsest copy`');
    if (value.length > LIMITS.metadataValueLength) {
      throw new Invalid(`${path}.${key}`, `must have at most ${LIMITS.metadataValueLength} characters`);
    }
    if (PLAIN.test(key) && PLAIN.test(value)) {
      bytes += key.length + value.length;
      continue;
    }
    const fault = checkJson(value, `${path}.${key}`) ?? checkJson({ [key]: '' }, path);
    if (fault !== undefined) throw new Invalid(fault.path, fault.reason);
    bytes += utf8Bytes(key) + utf8Bytes(value);
  }
  return bytes;
}

/**
 * JSON text that parses to exactly this value. `JSON.stringify` writes -0 as 0, so a value that contains -0 is
 * serialised separately.
 */
export function toJson(value: unknown): string {
  return holdsNegativeZero(value) ? spell(value) : JSON.stringify(value);
}

function holdsNegativeZero(value: unknown): boolean {
  if (typeof value === 'number') return Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.some(holdsNegativeZero) : Object.values(value).some(holdsNegativeZero);
}

function spell(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spell).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${spell(member)}`).join(',')}}`;
}
