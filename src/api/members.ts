import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import type { Asking } from './asking';
import type { Authenticator } from './auth';
import type { Session } from './claims';
import type { ErrorCode } from './errors';
import { type CloseName, Line, Lines } from './line';
import { Lobby } from './lobby';
import type { Quotas } from './quotas';

/** The longest delay of a timer, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One WebSocket and its client, once identified. */
export class Member {
  readonly line: Line;
  /** Running operations. A client may complete an operation while the server is still working on it. */
  readonly running = new Set<Asking>();
  readonly address: string;
  session: Session | undefined;
  private header: string | undefined;
  private expiry: NodeJS.Timeout | undefined;

  constructor(
    readonly socket: WebSocket,
    request: IncomingMessage,
    quotas: Quotas,
    lines: Lines,
    report: (error: unknown) => void,
  ) {
    this.address = request.socket.remoteAddress ?? '';
    this.header = request.headers.authorization;
    this.line = new Line(socket, quotas, lines, report, () => this.cursor);
  }

  /** The cursor of the subscription that has progressed least. */
  private get cursor(): string | undefined {
    const places = [...this.running].flatMap(({ place }) => place ?? []);
    return places.reduce((least, place) => (place.position < least.position ? place : least), places[0]!)?.cursor;
  }

  /** Authenticates the client. The token comes in the first message, or as a header if the client can set one. */
  async identify(
    params: Readonly<Record<string, unknown>> | undefined,
    by: Authenticator,
  ): Promise<Session | undefined> {
    const given = params?.Authorization ?? params?.authorization ?? this.header;
    this.header = typeof given === 'string' ? given : undefined;
    const session = await this.judge(by);
    if (session === undefined || !this.line.isOpen) return undefined;
    this.session = session;
    // The connection ends when the token expires.
    const left = Math.min(session.expiresAt - Date.now(), LONGEST_TIMER);
    this.expiry = setTimeout(() => this.line.end('TOKEN_EXPIRED'), left);
    this.expiry.unref();
    return session;
  }

  /** Verifies the token again: its key may have been withdrawn. */
  async recheck(by: Authenticator): Promise<void> {
    if (this.session !== undefined && this.line.isOpen) await this.judge(by, true);
  }

  gone(): void {
    clearTimeout(this.expiry);
  }

  private async judge(by: Authenticator, again = false): Promise<Session | undefined> {
    try {
      return await by.session(this.header);
    } catch (error) {
      const code = (error as GraphQLError).extensions?.code as ErrorCode | undefined;
      // A token that cannot be verified at the moment was valid before.
      if (!again || code !== 'PROVIDER_UNAVAILABLE') this.line.end(closeOf(code));
      return undefined;
    }
  }
}

function closeOf(code: ErrorCode | undefined): CloseName {
  const known: readonly CloseName[] = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'PROVIDER_UNAVAILABLE'];
  return known.find((name) => name === code) ?? 'INTERNAL_SERVER_ERROR';
}

/** All WebSockets: those without a token in the lobby, the others counted by actor. */
export class Members {
  readonly lines: Lines;
  private readonly lobby: Lobby<Member>;
  private readonly admitted = new Map<string, Set<Member>>();
  private size = 0;

  constructor(
    private readonly quotas: Quotas,
    private readonly report: (error: unknown) => void,
  ) {
    this.lines = new Lines(quotas.waitingBytesOfAll);
    this.lobby = new Lobby(quotas.strangers, (member) => {
      member.line.end('TOO_MANY_CONNECTIONS');
      // The close frame is sent if the network accepts it; the server does not wait for the close handshakes of a
      // crowd.
      member.socket.terminate();
    });
  }

  /** Whether the maximum number is connected. */
  get isFull(): boolean {
    return this.size >= this.quotas.sockets;
  }

  enter(socket: WebSocket, request: IncomingMessage): Member {
    const member = new Member(socket, request, this.quotas, this.lines, this.report);
    this.lobby.enter(member.address, member);
    let bytes = 0;
    const count = (part: Buffer): void => {
      if (member.session !== undefined) {
        request.socket.off('data', count);
        return;
      }
      bytes += part.length;
      if (bytes <= this.quotas.strangerBytes) return;
      member.line.end('MESSAGE_TOO_LARGE');
      socket.terminate();
    };
    request.socket.on('data', count);
    socket.on('close', () => this.leave(member));
    return member;
  }

  /** Admits an authenticated client; false, and the client is disconnected, if there is no room. */
  admit(member: Member, { actor }: Session): boolean {
    this.lobby.leave(member.address, member);
    const those = this.admitted.get(actor.id) ?? new Set();
    if (this.isFull || those.size >= this.quotas.socketsPerActor) {
      member.line.end('TOO_MANY_CONNECTIONS');
      return false;
    }
    this.admitted.set(actor.id, those.add(member));
    this.size += 1;
    return true;
  }

  *[Symbol.iterator](): Generator<Member> {
    for (const those of this.admitted.values()) yield* those;
  }

  private leave(member: Member): void {
    member.gone();
    this.lobby.leave(member.address, member);
    const id = member.session?.actor.id ?? '';
    const those = this.admitted.get(id);
    if (!those?.delete(member)) return;
    this.size -= 1;
    if (those.size === 0) this.admitted.delete(id);
  }
}
