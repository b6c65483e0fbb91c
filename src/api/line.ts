import type { WebSocket } from 'ws';
import type { Quotas } from './quotas';

/**
 * Why the server closes a WebSocket: the close code, and its meaning. The reason of the close frame begins with the
 * name; reasons that are sentences come from `graphql-ws`.
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

/** The names of the reasons that this server itself gives. */
export type CloseName = Extract<keyof typeof CLOSES, Uppercase<string>>;

const UNIT = 8192;
/** Maximum bytes of the reason in a close frame. */
const LONGEST_REASON = 123;

/** The buffered bytes of all clients, so that the slowest client can be found. */
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

  /** Called by each line when its buffered bytes change. */
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

/**
 * One client's WebSocket as `graphql-ws` sees it, with limits on what it may send and on what may be buffered for it.
 */
export class Line {
  private waiting = 0;
  /** When the client last read something, or had read everything. */
  private tookAt = 0;
  private allowance: number;
  private allowedAt: number;
  private alive = true;
  private ended = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly quotas: Quotas,
    private readonly lines: Lines,
    /** Receives internal faults. */
    private readonly report: (error: unknown) => void,
    /** The cursor from which a client that missed something must resume; undefined if it has no subscription. */
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
    // The library has already answered a protocol violation with a close code.
    socket.on('error', () => undefined);
  }

  /** Called when this side ends the connection, which may be long before the client closes its side. */
  onEnd: (code: number, reason: string) => void = () => undefined;

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return !this.ended && this.socket.readyState === this.socket.OPEN;
  }

  /** Bytes buffered for the client. */
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
        // A closed socket has already released its bytes.
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

  /** Ends the connection with one of our close codes. */
  end(name: CloseName, more?: string): void {
    this.close(CLOSES[name][0], more === undefined ? name : `${name} ${more}`);
  }

  endSlow(): void {
    this.end('CLIENT_TOO_SLOW', this.cursor());
  }

  /** Ends the connection and stops reading: whatever the client still sends is ignored. */
  close(code = 1000, reason = ''): void {
    if (!this.isOpen) return;
    this.ended = true;
    this.socket.close(code, short(reason));
    this.onEnd(code, reason);
  }

  /** Ends the connection if the client has stopped reading what is buffered for it. */
  look(): void {
    if (this.waiting > 0 && this.now() - this.tookAt >= this.quotas.stall) this.endSlow();
  }

  /** Sends a ping, and ends the connection if the last one was not answered. */
  beat(): void {
    // A ping would queue behind the buffered data, so no answer to it can be expected.
    if (!this.isOpen || this.waiting > 0) return;
    if (!this.alive) {
      this.endSlow();
      return;
    }
    this.alive = false;
    this.socket.ping();
  }

  /** Whether another message may be received; if not, the connection ends. */
  private allows(units: number): boolean {
    if (!this.isOpen) return false;
    const now = this.now();
    const { messagesAtOnce, messagesPerSecond } = this.quotas;
    const gained = ((now - this.allowedAt) / 1000) * messagesPerSecond;
    this.allowance = Math.min(messagesAtOnce, this.allowance + gained) - units;
    this.allowedAt = now;
    if (this.allowance >= 0) return true;
    this.end('TOO_MANY_MESSAGES');
    // Stop reading a flooding client: its close frame would come after everything it has sent.
    this.socket.pause();
    setTimeout(() => this.socket.terminate(), this.quotas.goodbye).unref();
    return false;
  }
}

function short(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= LONGEST_REASON) return reason;
  // A character cut in two is left out.
  return bytes
    .subarray(0, LONGEST_REASON)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
