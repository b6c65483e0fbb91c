import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type EventData, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { type ChannelCredentials, credentials, Metadata } from '@grpc/grpc-js';

/** A server and a client of it; every chapter creates its own streams, so that one server serves them all. */
export interface Given {
  readonly client: EventStoreDBClient;
  /** For direct access to the server without the client: host and port, and the required credentials. */
  readonly door: { readonly address: string; readonly channel: ChannelCredentials; readonly metadata: Metadata };
  /** Options for an append on the plain path, as the usual user. A server without users accepts anybody. */
  readonly plain: { readonly credentials: { readonly username: string; readonly password: string } };
  /** Another client of the same server, with more options in its connection string. */
  connect(options?: string): EventStoreDBClient;
}

function doorOf(url: string): Given['door'] {
  const { host, username, password, searchParams } = new URL(url);
  const metadata = new Metadata();
  if (searchParams.get('tls') === 'false') return { address: host, channel: credentials.createInsecure(), metadata };
  const authority = searchParams.get('tlsCAFile');
  const who = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  metadata.set('authorization', `Basic ${who}`);
  return { address: host, channel: credentials.createSsl(authority ? readFileSync(authority) : null), metadata };
}

function plainOf(url: string): Given['plain'] {
  const { username, password } = new URL(url);
  const known = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { credentials: username === '' ? { username: 'anybody', password: 'anything' } : known };
}

/** @param url connection string of the server; the clients are gone when this settles */
export async function given(url: string, proof: (given: Given) => Promise<void>): Promise<void> {
  const clients: EventStoreDBClient[] = [];
  const connect = (options?: string) => {
    const client = EventStoreDBClient.connectionString(options ? `${url}&${options}` : url);
    clients.push(client);
    return client;
  };
  try {
    await proof({ client: connect(), door: doorOf(url), plain: plainOf(url), connect });
  } finally {
    for (const client of clients) await client.dispose();
  }
}

/** Sentences and the proof of each, true for a real server and for the stand-in. */
export type Chapter = Readonly<Record<string, (given: Given) => Promise<void>>>;

export const newStream = (): string => `behaviour-${randomUUID()}`;

export function event(more: Partial<{ id: string; type: string; data: unknown; metadata: object }> = {}): EventData {
  return jsonEvent({ id: randomUUID(), type: 'Happened', data: { n: 1 }, ...more } as Parameters<typeof jsonEvent>[0]);
}

export function events(count: number, more: Parameters<typeof event>[0] = {}): EventData[] {
  return Array.from({ length: count }, () => event(more));
}

/** The same name in the same stream always gives the same id. */
export function idOf(stream: string, name: string): string {
  const hex = createHash('sha256').update(`${stream} ${name}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** The outcome of a settled call: its answer, or the error's type and details. */
export async function outcome<T>(call: Promise<T>): Promise<T | Record<string, unknown>> {
  try {
    return await call;
  } catch (error) {
    const { type, code, expectedVersion, actualVersion, streamName, maxAppendSize, message } = error as Error &
      Record<string, unknown>;
    const said = { type, code, expectedVersion, actualVersion, streamName, maxAppendSize };
    const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    return type === 'unknown' || type === undefined ? { ...known, message } : known;
  }
}

/** Everything that an async source yields. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of source) found.push(each);
  return found;
}

/** Ids in a stream in order; none if the stream does not exist. */
export async function idsIn(client: EventStoreDBClient, stream: string): Promise<string[]> {
  const read = await outcome(all(client.readStream(stream)));
  return Array.isArray(read) ? read.map(({ event: each }) => each!.id) : [];
}
