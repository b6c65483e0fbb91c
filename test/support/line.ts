import { connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** The connection between a client and a server, made to fail as networks do. The data are not inspected. */
export class Line {
  private readonly pairs = new Set<Pair>();
  private held = false;
  private deaf = false;
  private refusing = false;

  private constructor(
    /** The address of the server through this connection. */
    readonly url: string,
    private readonly door: Server,
  ) {}

  /** @param url `esdb://[user:password@]host:port[?…]`, or `postgres://…/database`; one server */
  static async to(url: string): Promise<Line> {
    const [, before, host, port, options] =
      /^((?:esdb|postgres(?:ql)?):\/\/(?:[^@/?]*@)?)([^:/?,]+):(\d+)(?:\/(?=\?|$))?(.*)$/.exec(url) ?? [];
    if (host === undefined) throw new Error('a line leads to one server, named with its port');
    let line: Line | undefined;
    const door = createServer({ noDelay: true, allowHalfOpen: true }, (client) =>
      line!.join(client, connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true })),
    );
    await new Promise<void>((listening) => door.listen(0, '127.0.0.1', listening));
    line = new Line(`${before}127.0.0.1:${(door.address() as { port: number }).port}${options}`, door);
    return line;
  }

  /** Ends every connection at once, like a restarted router. New ones are accepted. */
  cut(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Ends every connection at once, and every new one. */
  refuse(): void {
    this.refusing = true;
    this.cut();
  }

  /** Blocks both directions silently. */
  hold(): void {
    this.held = true;
    this.settle();
  }

  /** The server receives everything; its answers are blocked. */
  deafen(): void {
    this.deaf = true;
    this.settle();
  }

  /** Unblocks everything, delivering held data first. */
  release(): void {
    this.held = false;
    this.deaf = false;
    this.refusing = false;
    this.settle();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.door.close(resolve));
    this.cut();
    await closed;
  }

  private join(client: Socket, server: Socket): void {
    if (this.refusing) {
      client.on('error', () => undefined).resetAndDestroy();
      server.on('error', () => undefined).destroy();
      return;
    }
    const pair = { client, server };
    this.pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => {
        if (!to.write(bytes)) from.pause();
      });
      to.on('drain', () => this.settle());
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.pairs.delete(pair);
        to.destroy();
      });
    }
    this.settle();
  }

  private settle(): void {
    for (const { client, server } of this.pairs) {
      flow(client, server, !this.held);
      flow(server, client, !this.held && !this.deaf);
    }
  }
}

function flow(from: Socket, to: Socket, open: boolean): void {
  if (open && !to.writableNeedDrain) from.resume();
  else from.pause();
}
