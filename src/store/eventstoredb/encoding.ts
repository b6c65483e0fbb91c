import type { Metadata, RecordedEvent } from '../../domain/event';
import type { CheckedEvent } from '../appendcheck';
import { isoOf } from '../instant';
import { lifted, ORIGINAL } from '../moving';
import { Invalid } from '../store';
import { positionFrom } from './positions';
import type { Incoming, Outgoing } from './wire';

/** JSON has a negative zero, but the client cannot write it: the paths of such values are kept in the metadata. */
const MINUS_ZEROS = '$minusZeros';
/** Generous estimate of the bytes around one event: id, lengths, content type. */
const FRAMING = 128;

/**
 * Maps stream names of this system to names on the server, where they carry the prefix. The domain never sees the
 * prefix.
 */
export class Names {
  readonly prefix: string;

  constructor(word: string) {
    this.prefix = `${word}.`;
  }

  outside(stream: string): string {
    return this.prefix + stream;
  }

  inside(streamName: string): string {
    return streamName.slice(this.prefix.length);
  }

  /** False for events of other applications and of the server itself. */
  isOurs({ streamName, type }: Incoming): boolean {
    return streamName.startsWith(this.prefix) && !type.startsWith('$');
  }
}

const UTF8 = new TextEncoder();

/** JSON that the client forwards unchanged; passing an object instead costs it 12 µs more per event. */
export function jsonBytes(value: object): Uint8Array {
  return UTF8.encode(JSON.stringify(value));
}

/** Throws Invalid if the metadata uses our reserved key. */
export function outgoing(event: CheckedEvent, data: unknown, path: string): Outgoing {
  if (MINUS_ZEROS in event.metadata) throw new Invalid(`${path}.metadata.${MINUS_ZEROS}`, 'is a reserved name');
  const places = event.json.includes('-0') ? minusZerosOf(data) : [];
  const metadata = places.length === 0 ? event.metadata : { ...event.metadata, [MINUS_ZEROS]: JSON.stringify(places) };
  return { id: event.id, type: event.type, data, metadata: jsonBytes(metadata) };
}

/** Bytes the server will count for an event. */
export function bytesOf(event: CheckedEvent, { metadata }: Outgoing): number {
  return Buffer.byteLength(event.json) + metadata.length + 2 * event.type.length + FRAMING;
}

export function recorded(event: Incoming, names: Names): RecordedEvent {
  const { data, metadata } = contentOf(event);
  const plain: RecordedEvent = {
    id: event.id,
    type: event.type,
    data,
    metadata,
    stream: names.inside(event.streamName),
    revision: event.revision,
    position: positionFrom(event.commit ?? 0),
    recordedAt: isoOf(event.created.getTime()),
  };
  // Most events were first recorded here, so their metadata needs no copy without provenance.
  return ORIGINAL.recordedAt in metadata ? lifted(plain) : plain;
}

function contentOf({ json, data, metadata }: Incoming): { data: unknown; metadata: Metadata } {
  // Only another program can have written binary data into our streams; it is shown as base64 text rather than hidden.
  const value = json ? data : Buffer.from(data as Uint8Array).toString('base64');
  const isMap = typeof metadata === 'object' && metadata !== null && !ArrayBuffer.isView(metadata);
  const kept = (isMap ? metadata : {}) as Record<string, string>;
  const places = kept[MINUS_ZEROS];
  if (places === undefined) return { data: value, metadata: kept as unknown as Metadata };
  const { [MINUS_ZEROS]: _, ...rest } = kept;
  return { data: withMinusZeros(value, JSON.parse(places)), metadata: rest as unknown as Metadata };
}

type Place = readonly (string | number)[];

function minusZerosOf(value: unknown, at: Place = []): Place[] {
  if (Object.is(value, -0)) return [at];
  if (typeof value !== 'object' || value === null) return [];
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return steps.flatMap(([step, member]) => minusZerosOf(member, [...at, step]));
}

function withMinusZeros(data: unknown, places: readonly Place[]): unknown {
  for (const place of places) {
    const last = place.at(-1);
    if (last === undefined) return -0;
    const holder = place.slice(0, -1).reduce((value, step) => (value as Record<typeof step, unknown>)[step], data);
    (holder as Record<typeof last, unknown>)[last] = -0;
  }
  return data;
}
