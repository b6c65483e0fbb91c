import { Client, type ClientConfig, types } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Group, type PgRow, type Question, type Statement, takeGroup } from './questions';

/**
 * The one file that knows the PostgreSQL driver. It is loaded only where PostgreSQL is configured. Rows come as arrays of
 * column values: whole and broken numbers as numbers, truth values as booleans, lists of texts as arrays, bytes as
 * hexadecimal, everything else as PostgreSQL writes it.
 */

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
/** A connection for questions that is not used for so long goes. Milliseconds. */
const IDLE_MS = 60_000;
/** Statements that stay prepared on a connection, at most. */
const STATEMENTS = 1_000;
const names = new Map<string, string>();

/** One name for each text, on whatever connection; undefined where there are too many to keep. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= STATEMENTS) return known;
  const name = `p${names.size}`;
  names.set(text, name);
  return name;
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

  /** Called once when the connection is gone, whoever ended it. */
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
    return this.client.end();
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

const ENDED = 'client was closed and is not queryable';

/** A connection of those for questions, and whether it is free for the next ones. */
interface Line {
  readonly client: Client;
  readonly prepared: Set<string>;
  free: boolean;
  used: boolean;
}

/** Connections for questions that stand alone. They come as they are needed, and go when nothing is asked for a while. */
export class Connections {
  private readonly statements = new Map<string, Statement>();
  private readonly lines = new Set<Line>();
  private readonly opening = new Set<Promise<void>>();
  private readonly sweeping: NodeJS.Timeout;
  private waiting: Question[] = [];
  private dealing = false;
  private ended = false;

  constructor(
    private readonly address: Address,
    private readonly options: { readonly max: number; readonly settings: string },
  ) {
    this.sweeping = setInterval(() => this.sweep(), IDLE_MS).unref();
  }

  /** @param planned the statement is planned once and for all; otherwise for these values */
  query<R extends PgRow = PgRow>(text: string, values: readonly unknown[], planned = true): Promise<R[]> {
    return new Promise((resolve, reject) => {
      if (this.ended) throw new Error(ENDED);
      const statement = this.statementOf(text, planned);
      this.ask({ statement, values, resolve: resolve as (rows: PgRow[]) => void, reject });
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    clearInterval(this.sweeping);
    await Promise.all(this.opening);
    await Promise.all([...this.lines].map(({ client }) => client.end().catch(() => undefined)));
  }

  private statementOf(text: string, planned: boolean): Statement {
    const known = this.statements.get(text);
    if (known) return known;
    const name = planned ? nameOf(text) : undefined;
    const statement: Statement = { name, text, columns: undefined, took: undefined };
    if (this.statements.size < STATEMENTS) this.statements.set(text, statement);
    return statement;
  }

  /** What comes in one turn of the event loop is dealt at its end. */
  private ask(question: Question): void {
    this.waiting.push(question);
    if (this.dealing) return;
    this.dealing = true;
    setImmediate(() => {
      this.dealing = false;
      this.deal();
    });
  }

  private deal(): void {
    if (this.ended) for (const question of this.waiting.splice(0)) question.reject(new Error(ENDED));
    for (const line of this.lines) {
      if (this.waiting.length === 0) return;
      if (line.free) this.send(line, takeGroup(this.waiting));
    }
    let more = Math.min(this.waiting.length, this.options.max - this.lines.size) - this.opening.size;
    for (; more > 0; more--) this.open();
  }

  private send(line: Line, questions: readonly Question[]): void {
    line.free = false;
    line.used = true;
    const done = (unanswered: readonly Question[], failed: boolean) => this.over(line, unanswered, failed);
    new Group(questions, line.prepared, parsers.getTypeParser, done).send(line.client);
  }

  private over(line: Line, unanswered: readonly Question[], failed: boolean): void {
    for (const question of unanswered) {
      if (question.again) question.reject(new Error('Connection terminated while it was asked again'));
      else this.ask(Object.assign(question, { again: true }));
    }
    if (!failed) {
      line.free = true;
      if (this.waiting.length > 0) this.deal();
      return;
    }
    // Which statements were prepared before the failure is not known.
    line.prepared.clear();
    line.client.query('DEALLOCATE ALL').then(
      () => {
        line.free = true;
        this.deal();
      },
      () => this.drop(line),
    );
  }

  private open(): void {
    const client = new Client({ ...configOf(this.address, 'palimpsest readers'), options: this.options.settings });
    const line: Line = { client, prepared: new Set(), free: true, used: true };
    client.on('error', () => this.drop(line));
    client.on('end', () => this.drop(line));
    const opened = client.connect().then(
      () => {
        this.opening.delete(opened);
        this.lines.add(line);
        this.deal();
      },
      (error) => {
        this.opening.delete(opened);
        // Who waits for a connection, and would wait in vain, is told why.
        if (this.lines.size === 0) for (const question of this.waiting.splice(0)) question.reject(error);
      },
    );
    this.opening.add(opened);
  }

  private drop(line: Line): void {
    if (!this.lines.delete(line)) return;
    line.free = false;
    line.client.end().catch(() => undefined);
    if (this.waiting.length > 0) this.deal();
  }

  private sweep(): void {
    for (const line of [...this.lines]) {
      if (line.free && !line.used) this.drop(line);
      line.used = !line.free;
    }
  }
}

/** SQLSTATE of the server's refusal; undefined where it did not come from the server. */
export function stateOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE' ? code : undefined;
}

/** Classes of SQLSTATE whose cause is the server or its operator, not the statement. */
const PASSING = /^(08|28|3D|40|53|55P03|57|58|25006|25P0[34]|42501)/;
const BROKEN = /^(E[A-Z]+|ERR_SOCKET\w*)$/;
/** What a client says of a certificate, in the words of OpenSSL. */
const UNTRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|ERR_(TLS|SSL|OSSL)_)/;
const NO_PASSWORD = /client password must be/;
const SAID =
  /[Cc]onnection terminated|timeout expired|timeout exceeded|not queryable|client was closed|server closed|SASL|support SSL/;

/** Why PostgreSQL could not do it just now, in words; undefined where the fault is the statement's. */
export function whyUnavailable(error: unknown): string | undefined {
  // By what it holds and not by its class: the system's own errors may be of another world than this module.
  const { errors } = (error ?? {}) as { errors?: readonly unknown[] };
  const inner = (errors?.[0] ?? error ?? {}) as NodeJS.ErrnoException;
  if (typeof inner.message !== 'string') return undefined;
  const state = stateOf(inner);
  const { code } = inner;
  if (state !== undefined) return PASSING.test(state) ? `${inner.message} (${state})` : undefined;
  if (code !== undefined && UNTRUSTED.test(code)) return `no connection over TLS that can be trusted: ${inner.message}`;
  if (NO_PASSWORD.test(inner.message)) return 'it asks for a password, and none is given';
  if ((code !== undefined && BROKEN.test(code)) || SAID.test(inner.message)) return inner.message || code;
  return undefined;
}
