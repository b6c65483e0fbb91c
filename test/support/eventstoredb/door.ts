import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './certificate';

/** Accepts a connection that speaks HTTP/2. */
export interface Wires {
  injectConnection(connection: Socket): void;
}

/** The first bytes of an HTTP/2 connection with prior knowledge. */
const PREFACE = 'PRI * HTTP/2';

/** One port for both: protocol calls over HTTP/2, and an operator's requests over HTTP/1.1. */
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
