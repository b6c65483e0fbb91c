import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './certificate';

/** Takes a connection that speaks HTTP/2. */
export interface Wires {
  injectConnection(connection: Socket): void;
}

/** The first words of a connection that speaks HTTP/2 without having agreed on it first. */
const PREFACE = 'PRI * HTTP/2';

/** One port for both: calls of the protocol, which are HTTP/2, and an operator's questions, which are HTTP/1.1. */
export function openDoor(
  wires: Wires,
  http: HttpServer,
  certificate: Certificate | undefined,
  seen: Set<Socket>,
): Server {
  const enter = (socket: Socket) => {
    seen.add(socket);
    socket.on('close', () => seen.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  if (!certificate) {
    return createServer({ noDelay: true }, (socket) => {
      enter(socket);
      socket.once('readable', () => {
        const first = socket.read() as Buffer | null;
        if (first === null) return;
        socket.unshift(first);
        if (first.toString('latin1').startsWith(PREFACE)) wires.injectConnection(socket);
        else http.emit('connection', socket);
      });
    });
  }
  const { certificate: cert, key } = certificate;
  return createTlsServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'], noDelay: true }, (socket) => {
    enter(socket);
    if (socket.alpnProtocol === 'h2') wires.injectConnection(socket);
    else http.emit('connection', socket);
  });
}
