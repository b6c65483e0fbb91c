import { encodeCursor } from '../../src/api/ids';
import type { Quotas } from '../../src/api/quotas';
import type { OidcAuth } from '../../src/settings/oidc';
import { makeKey, startProvider } from '../support/provider';
import { type Door, openDoor, Stranger } from './door';

const HEAD = '{ head { position } }';
const doors: Door[] = [];
const clients: Stranger[] = [];

afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.terminate();
  for (const door of doors.splice(0)) await door.close();
});

async function open(quotas: Partial<Quotas> = {}, environment = {}): Promise<Door> {
  const door = await openDoor(quotas, environment);
  doors.push(door);
  return door;
}

function client(door: Door, headers = {}): Stranger {
  const made = new Stranger(door, headers);
  clients.push(made);
  return made;
}

async function member(door: Door, actor = 'ana'): Promise<Stranger> {
  const made = client(door);
  await made.enter(await door.token('analyst', actor));
  return made;
}

const subscribe = (id: string, query: string, variables = {}) => ({
  type: 'subscribe',
  id,
  payload: { query, variables },
});

describe('pings', () => {
  it('are answered, with a payload where it is short', async () => {
    const each = await member(await open());
    each.send({ type: 'ping', payload: { short: true } });
    expect(await each.hear('pong')).toEqual({ type: 'pong', payload: { short: true } });
  });

  it('bring back no more than a little of what was sent', async () => {
    const each = await member(await open());
    each.send({ type: 'ping', payload: { long: 'x'.repeat(200_000) } });
    expect(await each.hear('pong')).toEqual({ type: 'pong' });
  });

  it('end the connection where they are a flood, whether or not the client reads what comes back', async () => {
    const door = await open();
    const flood = JSON.stringify({ type: 'ping', payload: { x: 'y'.repeat(100_000) } });
    for (const reads of [true, false]) {
      const each = await member(door);
      if (!reads) each.socket.pause();
      let sent = 0;
      const send = (): void => {
        sent += 1;
        if (each.socket.readyState === each.socket.OPEN && sent < 5000) each.socket.send(flood, send);
      };
      for (let many = 0; many < 10; many += 1) send();
      // It stops reading, so that a flood stands still before the five hundred megabytes of it have come.
      if (!reads) each.socket.resume();
      expect(await each.closed).toEqual({ code: 4429, reason: 'TOO_MANY_MESSAGES' });
      expect(sent).toBeLessThan(1000);
    }
    expect((await door.ask(HEAD)).status).toBe(200);
  });

  it('of the protocol itself end the connection where they are a flood', async () => {
    const each = await member(await open());
    for (let many = 0; many < 2000; many += 1) each.socket.ping('x'.repeat(125));
    // 4429, or cut off where the answers pile up first.
    expect([4429, 1006]).toContain((await each.closed).code);
  });
});

describe('a message that is none', () => {
  const cases: readonly (readonly [string, (each: Stranger) => void, number])[] = [
    ['too large', (each) => each.send({ type: 'ping', payload: { x: 'y'.repeat(300_000) } }), 1009],
    ['not JSON', (each) => each.send('nonsense'), 4400],
    ['of no type', (each) => each.send({ type: 'what', payload: 1 }), 4400],
    ['nested without end', (each) => each.send('['.repeat(200_000)), 4400],
    ['of bytes', (each) => each.socket.send(Buffer.from('{"type":"ping"}'), { binary: true }), 4400],
    ['a second greeting', (each) => each.send({ type: 'connection_init' }), 4429],
    ['with an endless id', (each) => each.send(subscribe('i'.repeat(100_000), HEAD)), 4400],
    [
      'with an id that is in use, longer than a reason may be',
      (each) => {
        each.send(subscribe('é'.repeat(100), 'subscription { changes { cursor } }'));
        each.send(subscribe('é'.repeat(100), 'subscription { changes { cursor } }'));
      },
      4409,
    ],
  ];

  it.each(cases)('ends the connection with its code and nothing else: %s', async (_what, send, code) => {
    const door = await open();
    const each = await member(door);
    send(each);
    expect((await each.closed).code).toBe(code);
    expect(door.reported).toEqual([]);
    expect((await door.ask(HEAD)).status).toBe(200);
  });
});

describe('clients that show no token', () => {
  it('cannot keep out those that do, however many they are', async () => {
    const door = await open({ strangers: 20 });
    const crowd = Array.from({ length: 400 }, () => client(door));
    await Promise.all(crowd.map(({ opened }) => opened.catch(() => undefined)));
    const good = await member(door);
    expect(good.messages).toEqual([{ type: 'connection_ack' }]);
    const sentAway = crowd.slice(0, 380).map(({ closed }) => closed);
    // The oldest went first; as far as the network still took the word, they know why.
    for (const { code } of await Promise.all(sentAway)) expect([1013, 1006]).toContain(code);
    expect(crowd.filter(({ socket }) => socket.readyState === socket.OPEN).length).toBeLessThanOrEqual(20);
    good.send(subscribe('1', HEAD));
    expect((await good.hear('next')).payload).toMatchObject({ data: { head: {} } });
  });

  it('have to show one in time', async () => {
    const each = client(await open({ initTimeout: 50 }));
    expect((await each.closed).code).toBe(4408);
  });

  it('may send little until then', async () => {
    const door = await open();
    const talker = client(door);
    await talker.opened;
    for (let many = 0; many < 40; many += 1) talker.send({ type: 'ping', payload: { x: 'x'.repeat(1000) } });
    expect([1009, 1006]).toContain((await talker.closed).code);
    const impatient = client(door);
    await impatient.opened;
    impatient.send(subscribe('1', HEAD));
    expect((await impatient.closed).code).toBe(4401);
  });

  it('are sent away with a bad one', async () => {
    const each = client(await open());
    await each.enter('nonsense');
    expect(await each.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });
});

describe('one client among others', () => {
  it('may have only so many connections, and the others get theirs', async () => {
    const door = await open({ socketsPerActor: 3 });
    const mine = await Promise.all([1, 2, 3, 4, 5].map(() => member(door, 'greedy')));
    expect(mine.filter(({ messages }) => messages.length === 1)).toHaveLength(3);
    const refused = mine.find(({ messages }) => messages.length === 0)!;
    expect(await refused.closed).toEqual({ code: 1013, reason: 'TOO_MANY_CONNECTIONS' });
    expect((await member(door, 'modest')).messages).toHaveLength(1);
    // Whoever goes makes room.
    const [first] = mine.filter(({ messages }) => messages.length === 1);
    first!.socket.close();
    await first!.closed;
    expect((await member(door, 'greedy')).messages).toHaveLength(1);
  });

  it('is told to come again where all places are taken', async () => {
    const door = await open({ sockets: 2 });
    await member(door, 'ana');
    await member(door, 'bob');
    await expect(client(door).opened).rejects.toThrow('503');
  });

  it('has only so many operations at work, also where it calls them complete before they are', async () => {
    const door = await open({ operations: 5 });
    const each = await member(door);
    const waits = 'subscription ($after: After) { changes(after: $after) { cursor } }';
    for (let number = 0; number < 5; number += 1) {
      each.send(subscribe(`w${number}`, waits, { after: '00009007199254740000' }));
    }
    // They wait for their place in the log by now.
    each.send({ type: 'ping' });
    await each.hear('pong');
    for (let number = 0; number < 5; number += 1) each.send({ type: 'complete', id: `w${number}` });
    each.send(subscribe('one more', HEAD));
    expect(await each.hear('error', 'one more')).toMatchObject({
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
  });
});

/** Many characters for each change, so that few changes are more than the system keeps for a connection. */
const WIDE = `subscription ($after: After) { changes(after: $after) { cursor position change {
  ${Array.from({ length: 300 }, (_, number) => `s${number}: sentence`).join(' ')} } } }`;

interface Item {
  readonly cursor: string;
  readonly position: string;
}

const itemsOf = ({ messages }: Stranger): readonly Item[] =>
  messages.flatMap(({ type, payload }) =>
    type === 'next' ? [(payload as { data: { changes: Item } }).data.changes] : [],
  );

async function until(reader: Stranger, items: number): Promise<void> {
  while (itemsOf(reader).length < items) await reader.heardMore();
}

async function fill(door: Door, assets: number): Promise<void> {
  const token = await door.token('author');
  for (let number = 0; number < assets; number += 1) {
    const title = `${number} ${'x'.repeat(150)}`;
    const query = `mutation { assetRegister(input: { idempotencyKey: "${number}", kind: COPY, title: "${title}" })
      { userErrors { code } } }`;
    const reply = await door.ask(query, { authorization: `Bearer ${token}` });
    expect(await reply.json()).toMatchObject({ data: { assetRegister: { userErrors: [] } } });
  }
}

describe('a client that does not read', () => {
  it('is disconnected with a code and the cursor from which it misses nothing', async () => {
    const door = await open({ stall: 300, heartbeat: 400 });
    await fill(door, 150);
    const slow = await member(door);
    slow.send(subscribe('1', WIDE));
    await slow.hear('next');
    slow.socket.pause();
    // Nobody hears the server end it before reading goes on; on another connection it can be seen that it did.
    const other = await member(door, 'bob');
    other.send(subscribe('1', WIDE));
    await until(other, 151);
    slow.socket.resume();
    const { code, reason } = await slow.closed;
    expect(code).toBe(4410);
    const [name, cursor] = reason.split(' ');
    expect(name).toBe('CLIENT_TOO_SLOW');
    const had = itemsOf(slow);
    expect(had.at(-1)?.cursor).toBe(cursor);
    expect(had.length).toBeLessThan(151);
    const again = await member(door);
    again.send(subscribe('1', WIDE, { after: cursor }));
    await until(again, 151 - had.length);
    expect([...had, ...itemsOf(again)]).toEqual(itemsOf(other));
  }, 60_000);

  it('is so also where it was sent little, which the system keeps for it', async () => {
    const door = await open({ heartbeat: 100 });
    const silent = await member(door);
    silent.send(subscribe('1', 'subscription { changes { cursor } }'));
    await silent.hear('next');
    silent.socket.pause();
    const rest = new Promise((resolve) => silent.socket.once('ping', resolve));
    const lively = await member(door, 'bob');
    // The lively one answers several pings meanwhile; the other one is then too late with its answers.
    for (let beats = 0; beats < 5; beats += 1) await new Promise((resolve) => lively.socket.once('ping', resolve));
    silent.socket.resume();
    await rest;
    expect(await silent.closed).toEqual({
      code: 4410,
      reason: `CLIENT_TOO_SLOW ${encodeCursor('changes', { position: '0'.repeat(20) })}`,
    });
    expect(lively.socket.readyState).toBe(lively.socket.OPEN);
  });

  it('cannot make the server keep more than a few answers', async () => {
    const door = await open({ waitingBytes: 500_000, operations: 1000, stall: 60_000, heartbeat: 60_000 });
    const large = '{ __schema { types { description fields { description args { description } } } } }';
    const each = await member(door);
    each.socket.pause();
    for (let number = 0; number < 400; number += 1) each.send(subscribe(`${number}`, large));
    // What is asked on another connection is answered after what was asked before.
    expect((await door.ask(HEAD)).status).toBe(200);
    each.socket.resume();
    expect((await each.closed).code).toBe(4410);
  }, 60_000);
});

const oidcOf = (auth: OidcAuth) => ({
  PALIMPSEST_AUTH: 'oidc',
  OIDC_ISSUER: auth.issuer,
  OIDC_AUDIENCE: auth.audience,
  OIDC_JWKS_URI: auth.jwksUri,
});

describe('a token that ends while its connection is open', () => {
  afterEach(() => jest.restoreAllMocks());

  it('takes it along, where its key was withdrawn', async () => {
    const provider = await startProvider();
    const real = Date.now;
    let later = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => real() + later);
    const door = await open({ heartbeat: 50 }, oidcOf(provider.auth));
    const each = client(door);
    await each.enter(await provider.token({ claims: { roles: ['analyst'] } }));
    expect(each.messages).toEqual([{ type: 'connection_ack' }]);
    provider.published = [await makeKey('k2')];
    later = 60_000;
    expect(await each.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    await provider.close();
  });

  it('is tried again where the provider is away', async () => {
    const provider = await startProvider();
    provider.up = false;
    const door = await open({}, oidcOf(provider.auth));
    const each = client(door);
    await each.enter(await provider.token());
    expect(await each.closed).toEqual({ code: 1013, reason: 'PROVIDER_UNAVAILABLE' });
    await provider.close();
  });
});
