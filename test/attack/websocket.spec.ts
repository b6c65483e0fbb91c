import type { OidcAuth } from '../../src/config/oidc';
import { makeKey, startProvider } from '../support/provider';
import { attack, type Stranger, subscribe } from './door';

const HEAD = '{ head { position } }';
const { open, client, member, closeAll } = attack();
afterEach(closeAll);

describe('pings', () => {
  it('are answered, including a short payload', async () => {
    const each = await member(await open());
    each.send({ type: 'ping', payload: { short: true } });
    expect(await each.hear('pong')).toEqual({ type: 'pong', payload: { short: true } });
  });

  it('return only a little of the payload', async () => {
    const each = await member(await open());
    each.send({ type: 'ping', payload: { long: 'x'.repeat(200_000) } });
    expect(await each.hear('pong')).toEqual({ type: 'pong' });
  });

  it('end the connection if they flood it, whether or not the client reads the answers', async () => {
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
      // It stops reading, so that a flood stalls before its five hundred megabytes have arrived.
      if (!reads) each.socket.resume();
      expect(await each.closed).toEqual({ code: 4429, reason: 'TOO_MANY_MESSAGES' });
      expect(sent).toBeLessThan(1000);
    }
    expect((await door.ask(HEAD)).status).toBe(200);
  });

  it('of the WebSocket protocol end the connection if they flood it', async () => {
    const each = await member(await open());
    for (let many = 0; many < 2000; many += 1) each.socket.ping('x'.repeat(125));
    // 4429, or disconnected if the answers pile up first.
    expect([4429, 1006]).toContain((await each.closed).code);
  });
});

describe('an invalid message', () => {
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

  it.each(cases)('ends the connection with its code and has no other effect: %s', async (_what, send, code) => {
    const door = await open();
    const each = await member(door);
    send(each);
    expect((await each.closed).code).toBe(code);
    expect(door.reported).toEqual([]);
    expect((await door.ask(HEAD)).status).toBe(200);
  });
});

describe('clients without a token', () => {
  it('cannot keep out those with one, however many they are', async () => {
    const door = await open({ strangers: 20 });
    const crowd = Array.from({ length: 400 }, () => client(door));
    await Promise.all(crowd.map(({ opened }) => opened.catch(() => undefined)));
    const good = await member(door);
    expect(good.messages).toEqual([{ type: 'connection_ack' }]);
    const sentAway = crowd.slice(0, 380).map(({ closed }) => closed);
    // The oldest went first; if the network still accepted the close frame, they know why.
    for (const { code } of await Promise.all(sentAway)) expect([1013, 1006]).toContain(code);
    expect(crowd.filter(({ socket }) => socket.readyState === socket.OPEN).length).toBeLessThanOrEqual(20);
    good.send(subscribe('1', HEAD));
    expect((await good.hear('next')).payload).toMatchObject({ data: { head: {} } });
  });

  it('have to send one in time', async () => {
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

  it('are disconnected with an invalid one', async () => {
    const each = client(await open());
    await each.enter('nonsense');
    expect(await each.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });
});

describe('one client among others', () => {
  it('may have a limited number of connections, and the others get theirs', async () => {
    const door = await open({ socketsPerActor: 3 });
    const mine = await Promise.all([1, 2, 3, 4, 5].map(() => member(door, 'greedy')));
    expect(mine.filter(({ messages }) => messages.length === 1)).toHaveLength(3);
    const refused = mine.find(({ messages }) => messages.length === 0)!;
    expect(await refused.closed).toEqual({ code: 1013, reason: 'TOO_MANY_CONNECTIONS' });
    expect((await member(door, 'modest')).messages).toHaveLength(1);
    // A closed connection frees a place.
    const [first] = mine.filter(({ messages }) => messages.length === 1);
    first!.socket.close();
    await first!.closed;
    expect((await member(door, 'greedy')).messages).toHaveLength(1);
  });

  it('is told to come back if all places are taken', async () => {
    const door = await open({ sockets: 2 });
    await member(door, 'ana');
    await member(door, 'bob');
    await expect(client(door).opened).rejects.toThrow('503');
  });

  it('has a limited number of running operations, even if it completes them early', async () => {
    const door = await open({ operations: 5 });
    const each = await member(door);
    const waits = 'subscription ($after: Position) { changes(afterPosition: $after) { cursor } }';
    for (let number = 0; number < 5; number += 1) {
      each.send(subscribe(`w${number}`, waits, { after: '00009007199254740000' }));
    }
    // By now they are waiting for their position in the log.
    each.send({ type: 'ping' });
    await each.hear('pong');
    for (let number = 0; number < 5; number += 1) each.send({ type: 'complete', id: `w${number}` });
    each.send(subscribe('one more', HEAD));
    expect(await each.hear('error', 'one more')).toMatchObject({
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
  });
});

const oidcOf = (auth: OidcAuth) => ({
  PALIMPSEST_AUTH: 'oidc',
  OIDC_ISSUER: auth.issuer,
  OIDC_AUDIENCE: auth.audience,
  OIDC_JWKS_URI: auth.jwksUri,
});

describe('a token that becomes invalid while its connection is open', () => {
  afterEach(() => jest.restoreAllMocks());

  it('ends it if its key was withdrawn', async () => {
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

  it('is verified again later if the provider is unreachable', async () => {
    const provider = await startProvider();
    provider.up = false;
    const door = await open({}, oidcOf(provider.auth));
    const each = client(door);
    await each.enter(await provider.token());
    expect(await each.closed).toEqual({ code: 1013, reason: 'PROVIDER_UNAVAILABLE' });
    await provider.close();
  });
});
