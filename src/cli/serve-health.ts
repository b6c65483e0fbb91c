import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { version } from '../../package.json';
import { Addresses } from '../api/addresses';
import { readiness } from '../api/health';
import { QUOTAS } from '../api/quotas';
import type { App } from '../app';
import { urlHost } from '../config/config';

interface Watched extends Pick<App, 'store' | 'runtime' | 'config' | 'ledger' | 'policies'> {
  /** Answers a request for the metrics; absent if they are off. */
  readonly metrics?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

/** Serves health and metrics for a process that serves nothing else. */
export async function serveHealth(
  watched: Watched,
  host: string,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { headersTimeout, requestTimeout, checkInterval: connectionsCheckingInterval } = QUOTAS;
  const addresses = new Addresses(watched.config, host);
  const server = createServer({ headersTimeout, requestTimeout, connectionsCheckingInterval }, (request, response) => {
    if (addresses.refusal(request, true) === undefined) void answer(watched, request, response);
    else send(response, 421, { error: 'this is not the name of this server; PALIMPSEST_HOSTS lists further names' });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${urlHost(host)}:${bound}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function answer(watched: Watched, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path === '/metrics' && watched.metrics !== undefined) return watched.metrics(request, response);
  if (path === '/health/live') return send(response, 200, { live: true, version });
  if (path !== '/health/ready') return send(response, 404, { error: 'there is nothing here' });
  const state = await readiness(watched);
  return send(response, state.ready ? 200 : 503, state);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
