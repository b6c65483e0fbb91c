import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { directories, json, palimpsest, type Server, serve, start } from '../cli/palimpsest';

jest.setTimeout(60_000);

const places = directories();
const running = new Set<Server>();
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running.clear();
});
afterAll(places.remove);

const REGISTER = `mutation ($key: String!) {
  assetRegister(input: { act: { idempotencyKey: $key }, kind: IMAGE, title: "Poster" }) { position userErrors { code } }
}`;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Posts over persistent connections, as a proxy does. */
function post(server: Server, agent: Agent, persona: string, query: string, variables = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.tokens[persona]}` };
    const sent = request(server.url, { method: 'POST', agent, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body })).on('error', reject);
    });
    sent.on('error', reject).end(JSON.stringify({ query, variables }));
  });
}

async function served(data: string): Promise<Server> {
  const server = await serve(data);
  running.add(server);
  return server;
}

describe('a server that is stopped under load', () => {
  test('answers every request it accepted, keeps what it acknowledged, and accepts no other', async () => {
    const data = places.fresh();
    const server = await served(data);
    const agent = new Agent({ keepAlive: true });
    const acknowledged: string[] = [];
    const faults: unknown[] = [];
    let count = 0;
    const client = async (name: number): Promise<void> => {
      for (let number = 0; ; number += 1) {
        try {
          const { status, body } = await post(server, agent, 'author', REGISTER, { key: `${name}-${number}` });
          const { data: answer } = JSON.parse(body) as { data: { assetRegister: { position: string } } };
          expect(status).toBe(200);
          acknowledged.push(answer.assetRegister.position);
          count += 1;
          if (count === 300) server.child.kill('SIGTERM');
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') faults.push(error);
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, name) => client(name)));
    agent.destroy();
    expect(faults).toEqual([]);
    expect((await server.ended).code).toBe(0);
    const { stdout } = await palimpsest(['events', '--data', data]);
    const present = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { position: string }).position);
    expect(present.sort()).toEqual(acknowledged.sort());
    expect(await json<{ ok: boolean }>(['doctor', '--data', data])).toMatchObject({ ok: true });
  });

  test('answers a query that still waits for its tables, and disconnects subscribers with a reason', async () => {
    const server = await served(places.fresh());
    const agent = new Agent({ keepAlive: true });
    const client = createClient({
      url: server.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { Authorization: `Bearer ${server.tokens.analyst}` },
      onNonLazyError: () => undefined,
    });
    const closed = new Promise<{ code: number }>((resolve) => {
      client.on('closed', (event) => resolve(event as { code: number }));
    });
    const caughtUp = new Promise<void>((resolve) => {
      client.subscribe(
        { query: 'subscription { changes { caughtUp } }' },
        { next: () => resolve(), error: () => undefined, complete: () => undefined },
      );
    });
    await caughtUp;
    const waits = post(server, agent, 'analyst', '{ head(waitFor: "00000000000000000009") { position } }');
    // The server has read the query once it answers a later one on the same connection.
    await server.ask('analyst', '{ head { position } }');
    server.child.kill('SIGTERM');
    expect((await closed).code).toBe(1001);
    const { status, body } = await waits;
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'POSITION_NOT_REACHED' } }] });
    expect((await server.ended).code).toBe(0);
    agent.destroy();
    await client.dispose();
  });

  test('is not held up by an idle connection', async () => {
    const server = await served(places.fresh());
    const agent = new Agent({ keepAlive: true });
    await post(server, agent, 'analyst', '{ head { position } }');
    server.child.kill('SIGTERM');
    await once(server.child, 'close');
    expect((await server.ended).code).toBe(0);
    agent.destroy();
  });
});

describe('a process that only projects', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('goes on while there is nothing to do, until %s', async (signal, code) => {
    const data = places.fresh();
    await json(['simulate', '--assets', '2', '--seed', '1', '--data', data]);
    const { child, ended } = start(['project', '--data', data], { PALIMPSEST_LOG: 'json' });
    await once(child.stderr!, 'data');
    const { position } = await json<{ position: string }>(['head', '--data', data]);
    const { projections } = await json<{ projections: object }>(['tables', 'hash', '--data', data]);
    expect(Number(position)).toBeGreaterThan(0);
    expect(Object.keys(projections)).toContain('library');
    expect(child.exitCode).toBeNull();
    child.kill(signal);
    const { code: found, stderr } = await ended;
    expect(found).toBe(code);
    expect(stderr).toContain('"message":"stopped"');
  });
});
