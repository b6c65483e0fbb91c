import type { Socket } from 'node:net';
import { Client, type ClientConfig, types } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Connections } from './connections';
import { type Asker, nameOf, type PgRow } from './questions';

/**
 * The one file that knows the PostgreSQL driver. It is loaded only where PostgreSQL is configured. Rows come as arrays of
 * column values: whole and broken numbers as numbers, truth values as booleans, lists of texts as arrays, bytes as
 * hexadecimal, everything else as PostgreSQL writes it.
 */

export type { Connections } from './connections';
export type { PgRow } from './questions';

export interface Address {
  /** `postgres://user@host:port/database`; may carry the password. */
  readonly url: string;
  /** Wins over one in the URL. */
  readonly password?: string | undefined;
}

const NUMBER = (text: string): unknown => Number(text);
const BOOLEAN = 16;
const BYTES = 17;
const TEXTS = 1009;
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [BOOLEAN]: (text) => text === 't',
  [BYTES]: (text) => text.slice(2),
  20: NUMBER,
  21: NUMBER,
  23: NUMBER,
  26: NUMBER,
  701: NUMBER,
  1700: NUMBER,
  [TEXTS]: types.getTypeParser(TEXTS as never) as (text: string) => unknown,
};
const asWritten = (text: string): unknown => text;
const parsers = { getTypeParser: (type: number) => PARSERS[type] ?? asWritten };

const CONNECT_MS = 5_000;
/** How long a server may take to say goodbye. Milliseconds. */
const GOODBYE_MS = 1_000;

/** A peer that is gone without a word says no goodbye either: then the connection is cut. */
async function endOf(client: Client): Promise<void> {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  const late = setTimeout(() => stream.destroy(), GOODBYE_MS);
  try {
    await client.end();
  } finally {
    clearTimeout(late);
  }
}
function configOf({ url, password }: Address, application: string): ClientConfig {
  const whole = new URL(url);
  if (password !== undefined) whole.password = encodeURIComponent(password);
  return {
    connectionString: whole.href,
    application_name: application,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: parsers as never,
  };
}

/** A connection of one's own. What is asked of it is done one after the other. */
export class Connection {
  private before: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: Client) {}

  /** Called once when the connection has ended, on either side. */
  onGone(listener: () => void): void {
    this.client.on('error', listener);
    this.client.on('end', listener);
  }

  onNotification(listener: (payload: string) => void): void {
    this.client.on('notification', ({ payload }) => listener(payload ?? ''));
  }

  async query<R extends PgRow = PgRow>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const { rows } = await this.inTurn(() => this.client.query({ text, values: [...values], rowMode: 'array' }));
    return rows as unknown as R[];
  }

  /** The same, with a statement that stays prepared on this connection. */
  async prepared<R extends PgRow = PgRow>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const asked = { name: nameOf(text), text, values: [...values], rowMode: 'array' as const };
    const { rows } = await this.inTurn(() => this.client.query(asked));
    return rows as unknown as R[];
  }

  /** Several statements without values in one round trip; the rows of each. */
  async script(text: string): Promise<readonly (readonly PgRow[])[]> {
    const results = (await this.inTurn(() => this.client.query({ text, rowMode: 'array' }))) as unknown;
    return (Array.isArray(results) ? results : [results]).map(({ rows }) => rows as PgRow[]);
  }

  /** Rows in COPY's text format, in pieces of whatever length. */
  copy(into: string, lines: readonly Uint8Array[]): Promise<void> {
    const send = () =>
      new Promise<void>((resolve, reject) => {
        const stream = this.client.query(copyFrom(`COPY ${into} FROM STDIN`));
        stream.on('error', reject);
        stream.on('finish', resolve);
        for (const piece of lines) stream.write(piece);
        stream.end();
      });
    return this.inTurn(send);
  }

  end(): Promise<void> {
    return endOf(this.client);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.before.then(work);
    this.before = turn.catch(() => undefined);
    return turn;
  }
}

/** Connects; rejects with the driver's error where that cannot be done. */
export async function connect(address: Address | string, application = 'palimpsest'): Promise<Connection> {
  const client = new Client(configOf(typeof address === 'string' ? { url: address } : address, application));
  // An error of an idle connection has no caller; who cares asks `onGone`.
  client.on('error', () => undefined);
  await client.connect();
  return new Connection(client);
}

/** Connections for questions that stand alone. */
export function connections(
  address: Address,
  options: { readonly max: number; readonly settings: string },
): Connections {
  const config = { ...configOf(address, 'palimpsest readers'), options: options.settings };
  const open = () => {
    const client = new Client(config);
    const asker: Asker = {
      connect: () => client.connect().then(() => undefined),
      query: (what) => client.query(what as never),
      on: (event, listener) => client.on(event, listener),
      end: () => endOf(client),
    };
    return asker;
  };
  return new Connections(open, parsers.getTypeParser, { max: options.max, patience: CONNECT_MS });
}
