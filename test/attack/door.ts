import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { QUOTAS, type Quotas } from '../../src/api/quotas';
import { startServer } from '../../src/api/server';
import { devToken } from '../../src/api/tokens';
import { type App, createApp } from '../../src/app';
import { loadConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment';
import type { Role } from '../../src/domain/roles';

/** A real server with limits small enough to be reached in a test. */
export interface Door {
  readonly url: string;
  /** `host:port` */
  readonly host: string;
  readonly port: number;
  readonly app: App;
  /** Faults that the server reported as its own. */
  readonly reported: readonly unknown[];
  token(role?: Role, actor?: string): Promise<string>;
  ask(query: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

export async function openDoor(quotas: Partial<Quotas> = {}, environment: Environment = {}): Promise<Door> {
  const dataDir = await mkdtemp(join(tmpdir(), 'palimpsest-attack-'));
  const app = await createApp(loadConfig({ data: dataDir, port: '0', host: '127.0.0.1' }, environment));
  await app.runtime.start();
  const reported: unknown[] = [];
  const dependencies = { ...app, version: 'test', report: (error: unknown) => void reported.push(error) };
  const server = await startServer(dependencies, app.config, { ...QUOTAS, ...quotas });
  const { host, port } = new URL(server.url);
  const token: Door['token'] = (role = 'analyst', actor = 'ana') => devToken(dataDir, { role, actor });
  return {
    url: server.url,
    host,
    port: Number(port),
    app,
    reported,
    token,
    ask: async (query, headers = {}) =>
      fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}`, ...headers },
        body: JSON.stringify({ query }),
      }),
    close: async () => {
      await server.close();
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A raw connection that records the server's output until the server ends it. */
export interface Wire {
  readonly socket: Socket;
  /** Everything the server sent, once it has ended the connection. */
  readonly heard: Promise<string>;
}

export function wire(port: number, text: string): Wire {
  const socket = connect({ port, host: '127.0.0.1' });
  let said = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    said += part;
  });
  socket.on('error', () => undefined);
  socket.write(text);
  return { socket, heard: new Promise((resolve) => socket.on('close', () => resolve(said))) };
}

/** Lines of a request, followed by an empty one. */
export const lines = (...each: readonly string[]): string => `${each.join('\r\n')}\r\n\r\n`;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket client that implements the protocol by hand, so that it can also violate it. */
export class Stranger {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly opened: Promise<void>;
  readonly messages: { readonly type: string; readonly id?: string; readonly payload?: unknown }[] = [];
  private waiting: (() => void)[] = [];

  constructor({ url }: Pick<Door, 'url'>, headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
    this.opened = new Promise((resolve, reject) => this.socket.on('open', resolve).on('error', reject));
    this.opened.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(String(data)) as never);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first message of a type, as soon as it has arrived. */
  async hear(type: string, id?: string): Promise<Stranger['messages'][number]> {
    for (;;) {
      const found = this.messages.find((each) => each.type === type && (id === undefined || each.id === id));
      if (found !== undefined) return found;
      const refused = this.messages.find((each) => each.type === 'error');
      if (refused !== undefined) throw new Error(JSON.stringify(refused));
      await this.heardMore();
    }
  }

  /** Resolves on the next message; rejects if none will come, or on an unexpected error. */
  async heardMore(): Promise<void> {
    const more = new Promise<void>((resolve) => this.waiting.push(resolve));
    const ended = await Promise.race([more, this.closed]);
    if (ended !== undefined) throw new Error(`the connection ended with ${JSON.stringify(ended)}`);
  }

  /** Sends a token, and waits until it is accepted. */
  async enter(token: string): Promise<void> {
    await this.opened;
    this.send({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
    await Promise.race([this.hear('connection_ack').catch(() => undefined), this.closed]);
  }
}

export const subscribe = (id: string, query: string, variables = {}) => ({
  type: 'subscribe',
  id,
  payload: { query, variables },
});

/** Opens servers and clients, and closes all of them after a test. */
export function attack() {
  const doors: Door[] = [];
  const clients: Stranger[] = [];
  const client = (door: Door): Stranger => {
    const made = new Stranger(door);
    clients.push(made);
    return made;
  };
  return {
    client,
    async open(quotas: Partial<Quotas> = {}, environment: Environment = {}): Promise<Door> {
      const door = await openDoor(quotas, environment);
      doors.push(door);
      return door;
    },
    /** A client that has sent its token, whether or not it was accepted. */
    async member(door: Door, actor = 'ana'): Promise<Stranger> {
      const made = client(door);
      await made.enter(await door.token('analyst', actor));
      return made;
    },
    async closeAll(): Promise<void> {
      for (const { socket } of clients.splice(0)) socket.terminate();
      for (const door of doors.splice(0)) await door.close();
    },
  };
}
