import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/**
 * How long a connection may stay idle after the stop began before it is closed: active clients send requests more
 * often. Milliseconds.
 */
const REST_MS = 250;
/** How long the last answers may take: longer than the longest wait for the tables. Milliseconds. */
const LIMIT_MS = 15_000;

/**
 * Stops a server without losing a request. Closing an idle connection could cut off a request in flight, so each
 * connection ends with an answer that says so; only unused connections are closed.
 */
export class Drain {
  /**
   * Connections, each with its latest response. Responses are not added and removed one by one: a Map that is rehashed
   * all the time leaves a chain of old tables, which keep what they held alive.
   */
  private readonly connections = new Map<Socket, ServerResponse | undefined>();
  private began = false;
  private emptied: (() => void) | undefined;

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.connections.set(socket, undefined);
      socket.once('close', () => this.gone(socket));
    });
    server.prependListener('request', ({ socket }, response: ServerResponse) => {
      if (this.began) response.shouldKeepAlive = false;
      this.connections.set(socket, response);
    });
    // A connection upgraded to WebSocket is closed separately.
    server.on('upgrade', (_request, socket: Socket) => this.gone(socket));
  }

  /** True once the stop has begun. */
  get stopping(): boolean {
    return this.began;
  }

  /** Accepts no new connection, and resolves when every request has been answered. */
  async close(): Promise<void> {
    this.began = true;
    // Of several pipelined responses only the last may end the connection: the client waits for all of them.
    for (const answer of this.connections.values()) if (answer) answer.shouldKeepAlive = false;
    // The HTTP server's own `close` would end idle connections at once.
    NetServer.prototype.close.call(this.server);
    if (this.connections.size === 0) return;
    const rested = setTimeout(() => this.server.closeIdleConnections(), REST_MS);
    const late = setTimeout(() => this.server.closeAllConnections(), LIMIT_MS);
    await new Promise<void>((resolve) => {
      this.emptied = resolve;
    });
    clearTimeout(rested);
    clearTimeout(late);
  }

  private gone(socket: Socket): void {
    this.connections.delete(socket);
    if (this.connections.size === 0) this.emptied?.();
  }
}
