import { connect, type Socket } from 'node:net';
import type { Client } from 'graphql-ws';
import { encodeCursor } from '../../src/api/ids';
import { contentOf, type House, openHouse } from './house';

interface Item {
  readonly cursor: string;
  readonly position: string;
  readonly caughtUp: boolean;
  readonly entry: { readonly type: string; readonly sentence: string; readonly subject: { id: string } | null } | null;
}

const CHANGES = `subscription ($after: String, $afterPosition: Position, $asset: ID, $types: [EventType!]) {
  changes(after: $after, afterPosition: $afterPosition, assetId: $asset, typeIn: $types) {
    cursor position caughtUp entry { type sentence subject { id } }
  }
}`;

let house: House;
let client: Client;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  client = await house.socket();
});
afterEach(() => client.dispose());

/** Items until one satisfies `last`. */
async function until(last: (item: Item) => boolean, variables: object = {}): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { data, errors } of client.iterate<{ changes: Item }>({
    query: CHANGES,
    variables: { ...variables },
  })) {
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    const item = data?.changes as Item;
    items.push(item);
    if (last(item)) break;
  }
  return items;
}

const register = (title: string) =>
  house.act('author:ana', 'assetRegister', { kind: 'IMAGE', title, content: contentOf('a') });

describe('a subscription to changes', () => {
  it('replays what exists, reports when it has caught up, then goes live', async () => {
    const first = await register('One');
    const items: Item[] = [];
    let position = '';
    for await (const { data } of client.iterate<{ changes: Item }>({ query: CHANGES })) {
      const item = data?.changes as Item;
      items.push(item);
      if (item.caughtUp) position = (await register('Two')).position;
      if (item.position === position) break;
    }
    expect(items.map((item) => item.entry?.type ?? 'caught up')).toEqual([
      'AssetRegistered',
      'VersionAdded',
      'caught up',
      'AssetRegistered',
      'VersionAdded',
    ]);
    expect(items[0]?.entry).toMatchObject({
      sentence: 'ana registered the image “One”.',
      subject: { id: first.asset.id },
    });
  });

  it('resumes exactly after the cursor when the connection was lost', async () => {
    await register('Three');
    const whole = await until((item) => item.caughtUp);
    const seen = whole[2] as Item;
    await client.dispose();

    client = await house.socket();
    const rest = await until((item) => item.caughtUp, { after: seen.cursor });
    expect(rest).toEqual(whole.slice(3));
    const behindPosition = await until((item) => item.caughtUp, { afterPosition: seen.position });
    expect(behindPosition).toEqual(rest);
  });

  it('can be limited to one asset or to some event types', async () => {
    const { asset } = await register('Four');
    const ofAsset = await until((item) => item.caughtUp, { asset: asset.id });
    expect(ofAsset.map((item) => item.entry?.subject?.id)).toEqual([asset.id, asset.id, undefined]);
    const registrations = await until((item) => item.caughtUp, { types: ['AssetRegistered'] });
    expect(new Set(registrations.map((item) => item.entry?.type))).toEqual(new Set(['AssetRegistered', undefined]));
  });

  it('reports a position beyond the end of the log, instead of waiting in silence', async () => {
    await expect(until(() => true, { afterPosition: '00009007199254740000' })).rejects.toMatchObject([
      { extensions: { code: 'POSITION_NOT_REACHED', argument: ['afterPosition'] } },
    ]);
  }, 20_000);

  it('refuses text that is no cursor, and a cursor together with a position', async () => {
    const both = { after: encodeCursor('changes', { position: '0'.repeat(20) }), afterPosition: '0'.repeat(20) };
    await expect(until(() => true, both)).rejects.toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: ['afterPosition'] } },
    ]);
    await expect(until(() => true, { after: 'nonsense' })).rejects.toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: ['after'] } },
    ]);
  });
});

describe('the checks before a socket', () => {
  const closing = async (token: string): Promise<{ code: number; reason: string }> => {
    const refused = await house.socket(token);
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      refused.on('closed', (event) => resolve(event as { code: number; reason: string }));
    });
    refused.subscribe({ query: CHANGES }, { next: () => undefined, error: () => undefined, complete: () => undefined });
    return closed;
  };

  it('close a connection without a valid token, and say why', async () => {
    expect(await closing('nonsense')).toMatchObject({ code: 4401, reason: 'UNAUTHENTICATED' });
    expect(await closing(await house.token('analyst', 'ana', -60))).toMatchObject({
      code: 4403,
      reason: 'TOKEN_EXPIRED',
    });
  });

  it('refuse an upgrade at any other path, and survive clients that disconnect meanwhile', async () => {
    const { host, hostname, port } = new URL(house.started.url);
    const upgrade = (target: string, after: (socket: Socket) => void): Promise<string> =>
      new Promise((resolve) => {
        let answer = '';
        const socket = connect(Number(port), hostname, () => {
          const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket'];
          socket.write(`${lines.join('\r\n')}\r\n\r\n`, () => after(socket));
        });
        socket.on('data', (part) => {
          answer += part;
        });
        socket.on('error', () => undefined).on('close', () => resolve(answer));
      });
    for (const target of ['/elsewhere', '//', '/graphql/', '*']) {
      expect(await upgrade(target, () => undefined)).toMatch(/^HTTP\/1\.1 404 /);
    }
    for (let times = 0; times < 20; times += 1) await upgrade('/elsewhere', (socket) => socket.resetAndDestroy());
    expect((await house.ask('analyst', '{ head { position } }')).status).toBe(200);
  });

  it('require roles and charge the cost as over HTTP', async () => {
    const errorsOf = (query: string) =>
      new Promise<unknown>((resolve) => {
        client.subscribe({ query }, { next: resolve, error: resolve, complete: () => undefined });
      });
    expect(
      await errorsOf('mutation { campaignPlan(input: { act: { idempotencyKey: "k" }, name: "n" }) { position } }'),
    ).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const deep = `{ assets(first: 100) { nodes { history(first: 100) { nodes { subject { ... on Asset { history(first: 100) { nodes { id } } } } } } } } }`;
    expect(await errorsOf(deep)).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
    expect(await errorsOf('{ nothing }')).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(await errorsOf('{ head { position } }')).toMatchObject({ data: { head: { position: expect.any(String) } } });
  });
});
