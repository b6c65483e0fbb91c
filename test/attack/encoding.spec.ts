import { once } from 'node:events';
import WebSocket from 'ws';
import { directories, type Server, serve } from '../cli/palimpsest';

const places = directories();
let server: Server;

beforeAll(async () => {
  server = await serve(places.fresh());
}, 60_000);

afterAll(async () => {
  server?.child.kill('SIGTERM');
  await server?.ended;
  places.remove();
});

interface Answered {
  readonly status: number;
  readonly errors?: readonly { readonly extensions: Record<string, unknown> }[];
}

describe('a request that is not UTF-8', () => {
  const send = async (body: Uint8Array, type = 'application/json', more: Record<string, string> = {}) => {
    const headers = { 'content-type': type, authorization: `Bearer ${server.tokens.author}`, ...more };
    const response = await fetch(server.url, { method: 'POST', headers, body: Buffer.from(body) });
    return { ...((await response.json()) as Omit<Answered, 'status'>), status: response.status };
  };
  const act = (title: string) =>
    JSON.stringify({
      query: 'mutation ($input: AssetRegisterInput!) { assetRegister(input: $input) { position } }',
      variables: { input: { act: { idempotencyKey: `key-${title.length}` }, kind: 'IMAGE', title } },
    });
  const bytes = (wrong: readonly number[]) => {
    const text = act('Caf#');
    const [start, end] = text.split('#') as [string, string];
    return Buffer.concat([Buffer.from(start), Buffer.from(wrong), Buffer.from(end)]);
  };

  it.each([
    ['Latin-1', [0xe9]],
    ['an overlong sign', [0xc0, 0xaf]],
    ['half of a pair', [0xed, 0xa0, 0x80]],
    ['a sign beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a sign that is cut off', [0xe2, 0x82]],
    ['a lone continuation', [0x80]],
  ])('is refused, and nothing is recorded: %s', async (_says, wrong) => {
    // Whether the operation is known or not, in one chunk or several: the refusal is the same.
    await send(Buffer.from(act('Good')));
    await send(Buffer.from(act('Good')));
    for (const more of [{}, { accept: 'application/graphql-response+json' }]) {
      const { status, errors } = await send(bytes(wrong), 'application/json', more as Record<string, string>);
      expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    }
    const { data } = await server.ask<{ assets: { nodes: { title: string }[] } }>(
      'analyst',
      '{ assets(first: 5, orderBy: { by: REGISTERED }) { nodes { title } } }',
    );
    expect(data!.assets.nodes.filter(({ title }) => title.startsWith('Caf'))).toEqual([]);
  });

  it('is refused if its charset says so, whatever its bytes are', async () => {
    for (const charset of ['iso-8859-1', 'latin1', 'UTF-16', '"utf-16le"', 'windows-1252']) {
      const { status } = await send(Buffer.from(act('Good')), `application/json; charset=${charset}`);
      expect([charset, status]).toEqual([charset, 400]);
    }
    for (const charset of ['utf-8', 'UTF-8', 'utf8', '"utf-8"', 'us-ascii']) {
      const { status } = await send(Buffer.from(act('Good')), `application/json; charset=${charset}`);
      expect([charset, status]).toEqual([charset, 200]);
    }
    expect(await send(Buffer.from(act('Good'), 'utf16le'))).toMatchObject({ status: 400 });
    expect(await send(Buffer.from(act('Caf\u00e9'), 'utf16le'))).toMatchObject({ status: 400 });
  });

  it('is refused in a URL', async () => {
    const query = encodeURIComponent('{ campaigns(filter: { brand: "Caf#" }) { nodes { id } } }').replace('%23', '%E9');
    const headers = { authorization: `Bearer ${server.tokens.analyst}`, 'apollo-require-preflight': 'true' };
    const response = await fetch(`${server.url}?query=${query}`, { headers });
    expect(response.status).toBe(400);
    const right = await fetch(`${server.url}?query=${query.replace('%E9', '%C3%A9')}`, { headers });
    expect(right.status).toBe(200);
  });

  it.each([
    ['text', false],
    ['binary', true],
  ])('closes a WebSocket over which it arrives, as %s', async (_says, binary) => {
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(Buffer.from([0x7b, 0xe9, 0x7d]), { binary });
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1007);
  });
});
