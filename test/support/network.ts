import { connect, createServer, type Socket } from 'node:net';

/** A network segment between a client and a server, in this process, that can be frozen or cut. */
export interface Network {
  /** The port for clients, in place of the server's. */
  readonly port: number;
  /** Blocks both directions without ending a connection: the peer is only silent. */
  freeze(): void;
  /** Delivers what was held back, and continues. */
  thaw(): void;
  /** Every connection ends at once. */
  cut(): void;
  close(): Promise<void>;
}

/** @param port of the server, on this machine */
export async function openNetwork(port: number): Promise<Network> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('data', (bytes) => other.write(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    if (frozen) socket.pause();
  };
  const door = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    keep(near, far);
    keep(far, near);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of [...sockets]) socket.resetAndDestroy();
  };
  return {
    port: (door.address() as { port: number }).port,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
    async close() {
      const closed = new Promise((resolve) => door.close(resolve));
      cut();
      await closed;
    },
  };
}
