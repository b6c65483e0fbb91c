import type { WebSocket } from 'ws';
import type { Quotas } from './quotas';

/**
 * Why the server ends a WebSocket: the close code, and what it means. The reason of the close frame begins with the name;
 * those that are sentences are given by `graphql-ws`.
 */
export const CLOSES = {
  GOING_AWAY: [1001, 'The server is stopping. Connect again and resume from the last cursor.'],
  MESSAGE_TOO_LARGE: [1009, 'A message was larger than this server reads; the reason may be empty.'],
  TOO_MANY_CONNECTIONS: [1013, 'The server has its maximum number of WebSockets; connect again later.'],
  INVALID_MESSAGE: [4400, 'A message was not one of the protocol.'],
  UNAUTHENTICATED: [
    4401,
    'The first message carries no token that this server accepts, or the token is no longer accepted.',
  ],
  TOKEN_EXPIRED: [4403, 'The token has expired; connect again with a new one.'],
  PROVIDER_UNAVAILABLE: [1013, 'The keys of the token issuer cannot be fetched; connect again later.'],
  CLIENT_TOO_SLOW: [
    4410,
    'The client did not read what was sent. The reason continues with the cursor from which to subscribe again: the earliest one if there were several subscriptions.',
  ],
  TOO_MANY_MESSAGES: [4429, 'The client sent more messages than it may.'],
  INTERNAL_SERVER_ERROR: [4500, 'An internal error of this server; its log has the details.'],
  'Subprotocol not acceptable': [4406, 'The client does not offer `graphql-transport-ws`.'],
  'Connection initialisation timeout': [4408, 'No `connection_init` came in time.'],
  'Subscriber for … already exists': [4409, 'Two operations of one socket have the same id.'],
  'Too many initialisation requests': [4429, 'A second `connection_init` came.'],
  Unauthorized: [4401, 'An operation came before `connection_ack`.'],
} as const satisfies Record<string, readonly [number, string]>;

/** Names of those above that this server gives itself. */
export type CloseName = Extract<keyof typeof CLOSES, Uppercase<string>>;

const UNIT = 8192;
/** Bytes that a close frame has room for. */
const LONGEST_REASON = 123;

/** What waits for all clients together, so that the worst of them can be found. */
export class Lines {
  private readonly all = new Set<Line>();
  private bytes = 0;

  constructor(private readonly most: number) {}

  add(line: Line): void {
    this.all.add(line);
  }

  delete(line: Line): void {
    this.all.delete(line);
  }

  /** Called by each line when its bytes change. */
  count(bytes: number): void {
    this.bytes += bytes;
    if (bytes <= 0 || this.bytes <= this.most) return;
    let worst: Line | undefined;
    for (const line of this.all) if (line.isOpen && line.waits > (worst?.waits ?? 0)) worst = line;
    worst?.endSlow();
  }

  [Symbol.iterator](): Iterator<Line> {
    return this.all.values();
  }
}

/** One client's WebSocket, as `graphql-ws` sees it, with a limit to what may come over it and what may wait for it. */
export class Line {
  private waiting = 0;
  /** When the client last took something, or had taken everything. */
  private tookAt = 0;
  private allowance: number;
  private allowedAt: number;
  private alive = true;
  private ended = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly quotas: Quotas,
    private readonly lines: Lines,
    /** Told of a fault of ours. */
    private readonly report: (error: unknown) => void,
    /** From where a client that missed something has to go on; undefined where it watches nothing. */
    private readonly cursor: () => string | undefined,
    private readonly now: () => number = Date.now,
  ) {
    this.allowance = quotas.messagesAtOnce;
    this.allowedAt = now();
    lines.add(this);
    socket.on('close', () => {
      lines.delete(this);
      lines.count(-this.waiting);
      this.waiting = 0;
    });
    socket.on('ping', () => this.allows(1));
    socket.on('pong', () => {
      this.alive = true;
      this.allows(1);
    });
    // What breaks the protocol of WebSockets was answered with a close code by the library.
    socket.on('error', () => undefined);
  }

  /** Called when this side ends the connection, which may be long before the client's side has. */
  onEnd: (code: number, reason: string) => void = () => undefined;

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return !this.ended && this.socket.readyState === this.socket.OPEN;
  }

  /** Bytes that wait for the client. */
  get waits(): number {
    return this.waiting;
  }

  /** Resolves when the client has received the message, or the connection has ended. */
  send(text: string): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    if (this.waiting > this.quotas.waitingBytes) {
      this.endSlow();
      return Promise.resolve();
    }
    const message = Buffer.from(text);
    if (this.waiting === 0) this.tookAt = this.now();
    this.waiting += message.length;
    this.lines.count(message.length);
    return new Promise((resolve) => {
      this.socket.send(message, { binary: false }, () => {
        // A socket that is closed has given back what it counted.
        if (this.waiting > 0) {
          this.waiting -= message.length;
          this.lines.count(-message.length);
        }
        this.tookAt = this.now();
        resolve();
      });
    });
  }

  onMessage(take: (text: string) => Promise<void>): void {
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      if (!this.allows(1 + Math.floor(data.length / UNIT))) return;
      if (binary) {
        this.end('INVALID_MESSAGE');
        return;
      }
      take(data.toString('utf8')).catch((error: unknown) => {
        this.report(error);
        this.end('INTERNAL_SERVER_ERROR');
      });
    });
  }

  /** Answers a ping. A long payload is left out, which the protocol allows. */
  async onPing(payload: unknown): Promise<void> {
    const text = payload === undefined ? undefined : JSON.stringify(payload);
    const short = text !== undefined && text.length <= this.quotas.pongCharacters;
    await this.send(short ? `{"type":"pong","payload":${text}}` : '{"type":"pong"}');
  }

  /** Ends the connection with a code of ours. */
  end(name: CloseName, more?: string): void {
    this.close(CLOSES[name][0], more === undefined ? name : `${name} ${more}`);
  }

  endSlow(): void {
    this.end('CLIENT_TOO_SLOW', this.cursor());
  }

  /** Ends the connection and hears nothing more: what the client still sends is not read. */
  close(code = 1000, reason = ''): void {
    if (!this.isOpen) return;
    this.ended = true;
    this.socket.close(code, short(reason));
    this.onEnd(code, reason);
  }

  /** Ends the connection where the client takes nothing of what waits for it. */
  look(): void {
    if (this.waiting > 0 && this.now() - this.tookAt >= this.quotas.stall) this.endSlow();
  }

  /** Asks for a sign of life, and ends the connection where the last one asked for did not come. */
  beat(): void {
    // A ping would stand behind what waits, so no answer to it can be expected.
    if (!this.isOpen || this.waiting > 0) return;
    if (!this.alive) {
      this.endSlow();
      return;
    }
    this.alive = false;
    this.socket.ping();
  }

  /** Whether something more may come in; where not, the connection ends. */
  private allows(units: number): boolean {
    if (!this.isOpen) return false;
    const now = this.now();
    const { messagesAtOnce, messagesPerSecond } = this.quotas;
    const gained = ((now - this.allowedAt) / 1000) * messagesPerSecond;
    this.allowance = Math.min(messagesAtOnce, this.allowance + gained) - units;
    this.allowedAt = now;
    if (this.allowance >= 0) return true;
    this.end('TOO_MANY_MESSAGES');
    // Whoever floods is not read any more, and its goodbye would stand behind all that it has sent.
    this.socket.pause();
    setTimeout(() => this.socket.terminate(), this.quotas.goodbye).unref();
    return false;
  }
}

function short(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= LONGEST_REASON) return reason;
  // A character that is cut in two is left out.
  return bytes
    .subarray(0, LONGEST_REASON)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
