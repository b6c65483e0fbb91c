import type { Metadata, RecordedEvent } from '../../domain/event';
import type { CheckedEvent } from '../appendcheck';
import { isoOf } from '../instant';
import { lifted, ORIGINAL } from '../moving';
import { Invalid } from '../store';
import { positionFrom } from './positions';
import type { Incoming, Outgoing } from './wire';

/** JSON has a zero below nothing, but the client's writer has not: where it stood is kept in the metadata. */
const MINUS_ZEROS = '$minusZeros';
/** Generous bytes around one event: id, lengths, content type. */
const FRAMING = 128;

/** The stream names of this system among all others of the server. The domain never sees the prefix. */
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

  /** Neither an event of another application nor one of the server's own. */
  isOurs({ streamName, type }: Incoming): boolean {
    return streamName.startsWith(this.prefix) && !type.startsWith('$');
  }
}

const UTF8 = new TextEncoder();

/** JSON as the client sends it on untouched: what it is given as an object costs it 12 µs more an event. */
export function jsonBytes(value: object): Uint8Array {
  return UTF8.encode(JSON.stringify(value));
}

/** Throws Invalid where the metadata uses the one key that is ours. */
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
  // Most events were recorded here first, and need no copy without their provenance.
  return ORIGINAL.recordedAt in metadata ? lifted(plain) : plain;
}

function contentOf({ json, data, metadata }: Incoming): { data: unknown; metadata: Metadata } {
  // Only another program can have written bytes into our streams: they are shown, as text, and hidden from nobody.
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
