import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Witness } from './witness';

/** A request is a checkpoint and at most 63 hashes. */
const MOST_BYTES = 64 * 1024;
const PATIENCE_MS = 10_000;

/** Serves a witness over HTTP until it is closed. */
export async function serveWitness(
  witness: Witness,
  host: string,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS }, (request, response) => {
    answer(witness, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: bound, address, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function answer(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, type: string, body: string) =>
    void response.writeHead(status, { 'content-type': type }).end(body);
  if (request.url !== '/add-checkpoint') return send(404, 'text/plain', 'there is nothing here\n');
  if (request.method !== 'POST') return send(405, 'text/plain', 'send it by POST\n');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) return send(413, 'text/plain', 'the request is too large\n');
    chunks.push(chunk as Buffer);
  }
  const { status, type, body } = witness.addCheckpoint(Buffer.concat(chunks), Date.now());
  send(status, type, body);
}
