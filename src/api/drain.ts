import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/** How long a connection may rest after the stop began before it is closed: whoever works asks again sooner. Milliseconds. */
const REST_MS = 250;
/** How long the last answers may take: longer than the longest wait for the tables. Milliseconds. */
const LIMIT_MS = 15_000;

/**
 * Stops a server without losing a request. Closing an idle connection could cut off a request that is on its way, so
 * each connection ends with an answer that says so; only unused connections are closed.
 */
export class Drain {
  /**
   * Connections with the last answer that was asked for on each. Answers are not added and taken out one by one: a table
   * that is laid out anew all the time leaves a chain of old tables, and whatever these held lives as long as they do.
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
    // A connection that became a WebSocket is ended in its own way.
    server.on('upgrade', (_request, socket: Socket) => this.gone(socket));
  }

  /** True from the moment the stop began. */
  get stopping(): boolean {
    return this.began;
  }

  /** Takes no new connection, and resolves when every request was answered. */
  async close(): Promise<void> {
    this.began = true;
    // Of several on one connection only the last may end it: the client waits for all of them.
    for (const answer of this.connections.values()) if (answer) answer.shouldKeepAlive = false;
    // The HTTP server's own `close` ends resting connections at once.
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
