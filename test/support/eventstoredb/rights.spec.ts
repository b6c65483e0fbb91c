import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { BACKWARDS, END, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { all, event, newStream, outcome } from './behaviour/given';
import { type FarEnd, startFarEnd } from './server';

const SETTINGS = {
  $userStreamAcl: {
    $r: ['writer', 'readers', '$admins'],
    $w: ['writer'],
    $d: '$admins',
    $mr: '$admins',
    $mw: '$admins',
  },
  $systemStreamAcl: { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' },
};

let far: FarEnd;
const clients: EventStoreDBClient[] = [];

beforeAll(async () => {
  far = await startFarEnd({ secure: true });
});

afterAll(async () => {
  for (const client of clients) await client.dispose();
  await far.stop();
});

function as(user?: string, password = `${user}'s`): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(user ? far.urlOf(user, password) : far.url);
  clients.push(client);
  return client;
}

/** A request over HTTP, by default as an administrator; returns the status. */
function ask(method: string, path: string, body?: object, auth = 'admin:changeit'): Promise<number> {
  const ca = readFileSync(new URL(far.url).searchParams.get('tlsCAFile')!);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: far.port, method, path, ca, auth }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode!));
    });
    asked.on('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}

const user = (loginName: string, groups: string[] = []) => ({
  loginName,
  fullName: loginName,
  groups,
  password: `${loginName}'s`,
});

const DENIED = { type: 'access-denied', code: 7 };
/** A batch append answers without a status code. */
const DENIED_IN_BATCH = { type: 'access-denied' };

describe('a server with rights', () => {
  test('lets only an administrator create users', async () => {
    expect(await ask('POST', '/users', user('writer'))).toBe(201);
    expect(await ask('POST', '/users', user('reader', ['readers']))).toBe(201);
    expect(await ask('POST', '/users', user('other'))).toBe(201);
    expect(await ask('POST', '/users', user('writer'))).toBe(409);
    expect(await ask('POST', '/users', user('fourth'), "writer:writer's")).toBe(401);
    expect(await ask('GET', '/users/writer', undefined, 'admin:wrong')).toBe(401);
    expect(await ask('POST', '/users/other/command/reset-password', { newPassword: "other's" })).toBe(200);
    expect(await ask('GET', '/users/nobody')).toBe(404);
    expect(await ask('GET', '/info', undefined, ':')).toBe(200);
    expect(await ask('GET', '/health/live', undefined, ':')).toBe(204);
  });

  test('lets every user read and append by default, and only administrators read everything', async () => {
    const stream = newStream();
    await as('other').appendToStream(stream, event());
    expect(await all(as('writer').readStream(stream))).toHaveLength(1);
    expect(await outcome(all(as('writer').readAll({ maxCount: 1 })))).toEqual(DENIED);
    expect(await all(as('admin', 'changeit').readAll({ maxCount: 1 }))).toHaveLength(1);
  });

  test('gives each only its part when configured to', async () => {
    const admin = as('admin', 'changeit');
    await admin.appendToStream('$settings', jsonEvent({ type: 'settings', data: SETTINGS }));
    await admin.setStreamMetadata('$all', { acl: { readRoles: ['$admins', 'readers', 'writer'] } });
    const stream = newStream();
    await as('writer').appendToStream(stream, event());
    const last = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    for (const name of ['writer', 'reader']) {
      expect(await all(as(name).readStream(stream))).toHaveLength(1);
      expect(await all(as(name).readAll(last))).toHaveLength(1);
    }
    for (const client of [as('other'), as()]) {
      expect(await outcome(all(client.readStream(stream)))).toEqual(DENIED);
      expect(await outcome(all(client.readAll(last)))).toEqual(DENIED);
    }
    for (const client of [as('reader'), as('other'), as()]) {
      expect(await outcome(client.appendToStream(stream, event()))).toEqual(DENIED_IN_BATCH);
    }
    const credentials = { username: 'other', password: "other's" };
    expect(await outcome(as().appendToStream(stream, event(), { credentials }))).toEqual(DENIED);
    expect(await outcome(as('writer').setStreamMetadata(stream, { maxCount: 1 }))).toEqual(DENIED_IN_BATCH);
    expect(await outcome(as('writer').appendToStream('$mine', event()))).toEqual(DENIED_IN_BATCH);
    expect(await outcome(as('writer').deleteStream(stream))).toEqual(DENIED);
    expect(await outcome(as('writer').tombstoneStream(stream))).toEqual(DENIED);
    await admin.deleteStream(stream);
  });

  test('distinguishes a wrong password from a missing right', async () => {
    const wrong = as('writer', 'wrong');
    expect(await outcome(all(wrong.readStream(newStream())))).toEqual({ type: 'access-denied', code: 16 });
    expect(await outcome(wrong.appendToStream(newStream(), event()))).toEqual({ type: 'access-denied', code: 16 });
  });

  test('is not trusted by a client without its certificate', async () => {
    const stranger = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${far.port}?tls=true`);
    clients.push(stranger);
    expect(await outcome(stranger.appendToStream(newStream(), event()))).toMatchObject({ code: 14 });
  });
});
