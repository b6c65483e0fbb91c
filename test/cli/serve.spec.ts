import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { directories, json, palimpsest, type Server, serve } from './palimpsest';

// Starting a server takes a second, and some tests start five.
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

async function served(data: string): Promise<Server> {
  const server = await serve(data);
  running.add(server);
  return server;
}

const REGISTER = `mutation ($input: AssetRegisterInput!) {
  assetRegister(input: $input) { asset { title } position repeated userErrors { code message } }
}`;

interface Registered {
  readonly assetRegister: {
    readonly position: string;
    readonly repeated: boolean;
    readonly userErrors: readonly object[];
  };
}

/** The same number gives the same request, with the same idempotency key. */
function request(number: number): object {
  const assetId = uuidv5(`poster ${number}`, uuidv5.URL);
  const act = { idempotencyKey: uuidv5(`key ${number}`, uuidv5.URL), occurredAt: '2024-05-01T09:30:00.000Z' };
  return { input: { act, assetId, kind: 'IMAGE', title: `Poster ${number}` } };
}

/** Sends requests from four concurrent clients; returns the numbers of those that were answered. */
async function send(
  server: Server,
  numbers: readonly number[],
  onAnswer: (count: number) => void,
): Promise<Set<number>> {
  const left = [...numbers];
  const answered = new Set<number>();
  const client = async (): Promise<void> => {
    for (let number = left.shift(); number !== undefined; number = left.shift()) {
      const { data } = await server.ask<Registered>('author', REGISTER, request(number));
      if (data?.assetRegister.userErrors.length !== 0) throw new Error(`request ${number} was refused`);
      answered.add(number);
      onAnswer(answered.size);
    }
  };
  await Promise.allSettled([client(), client(), client(), client()]);
  return answered;
}

/** The log without what differs between runs: recording times, and the order of concurrent events. */
async function story(data: string): Promise<readonly string[]> {
  const { stdout } = await palimpsest(['events', '--data', data]);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return events.map(({ position: _position, recordedAt: _recordedAt, ...rest }) => JSON.stringify(rest)).sort();
}

describe('a server that is killed while people work', () => {
  const numbers = Array.from({ length: 400 }, (_, index) => index);

  test('keeps everything it acknowledged, and ends with the same events as one that was not killed', async () => {
    const data = places.fresh();
    let left = numbers;
    for (const killAfter of [40, 90, 150]) {
      const server = await served(data);
      const answered = await send(server, left, (count) => {
        if (count === killAfter) server.child.kill('SIGKILL');
      });
      expect((await server.ended).code).toBeNull();
      expect(answered.size).toBeGreaterThanOrEqual(killAfter);
      const present = new Set((await story(data)).map((event) => (JSON.parse(event) as { stream: string }).stream));
      for (const number of answered) expect(present).toContain(`asset-${uuidv5(`poster ${number}`, uuidv5.URL)}`);
      left = left.filter((number) => !answered.has(number));
    }
    await send(await served(data), left, () => {});

    const quiet = places.fresh();
    await send(await served(quiet), numbers, () => {});
    expect(await story(data)).toEqual(await story(quiet));
    expect(await story(data)).toHaveLength(numbers.length);
  });

  test('shows the same tables as one that folded everything from scratch', async () => {
    const data = places.fresh();
    for (const killAfter of [30, 60]) {
      const server = await served(data);
      await send(server, numbers, (count) => {
        if (count === killAfter) server.child.kill('SIGKILL');
      });
      await server.ended;
    }
    const live = await json<{ projections: object }>(['tables', 'hash', '--data', data]);
    const { switched } = await json<{ switched: string[] }>(['rebuild', '--data', data]);
    expect(switched).toEqual(Object.keys(live.projections));
    expect(await json(['tables', 'hash', '--data', data])).toEqual(live);
  });
});

describe('a server that is stopped', () => {
  test.each([
    ['by Ctrl-C', 'SIGINT', 130],
    ['by its supervisor', 'SIGTERM', 0],
  ] as const)('%s ends in order', async (_how, signal, expected) => {
    const data = places.fresh();
    const server = await served(data);
    await send(server, [1], () => {});
    server.child.kill(signal);
    const { code, stderr } = await server.ended;
    expect(code).toBe(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await json<{ ok: boolean }>(['doctor', '--data', data])).toMatchObject({ ok: true });
  });
});

describe('a server with development tokens', () => {
  test('prints its address, a token for each persona, and a request that works when pasted', async () => {
    const server = await served(places.fresh());
    expect(Object.keys(server.tokens)).toEqual(['author', 'approver', 'analyst', 'auditor']);
    expect(await server.ask('analyst', '{ assets(first: 3) { nodes { id title status } computedAt } }')).toMatchObject({
      data: { assets: { nodes: [], computedAt: '0'.repeat(20) } },
    });
  });

  test('keeps its key where only its owner can read it', async () => {
    const data = places.fresh();
    await served(data);
    const checks = await json<{ checks: { name: string; detail: string }[] }>(['doctor', '--data', data]);
    expect(checks.checks.find(({ name }) => name === 'keys')?.detail).toBe('1 files, readable by this user only');
    expect(readFileSync(join(data, 'keys', 'development.jwk'), 'utf8')).toContain('"kty":"EC"');
  });

  test('accepts the token that the command line creates for its data directory, and no other', async () => {
    const data = places.fresh();
    const server = await served(data);
    const ask = async (token: string) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(server.url, { method: 'POST', headers, body: '{"query":"{ head { position } }"}' });
      return (await response.json()) as object;
    };
    const { token } = await json<{ token: string }>(['token', '--role', 'auditor', '--actor', 'maria', '--data', data]);
    expect(await ask(token)).toMatchObject({ data: { head: { position: '0'.repeat(20) } } });
    const other = await json<{ token: string }>(['token', '--role', 'auditor', '--data', places.fresh()]);
    expect(await ask(other.token)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});

describe('a second process beside a server', () => {
  test('reads the tables that the server maintains, without waiting for it to end', async () => {
    const data = places.fresh();
    const server = await served(data);
    await send(server, [1, 2, 3], () => {});
    expect(await json(['head', '--data', data])).toEqual({ position: `${'0'.repeat(19)}3`, events: 3, streams: 3 });
    const hash = await json<{ position: string }>(['tables', 'hash', '--data', data]);
    expect(hash.position).toBe(`${'0'.repeat(19)}3`);
  });
});
