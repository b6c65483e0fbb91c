import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAddress } from './address';
import { Users } from './users';

interface Asked {
  readonly call: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** A server that answers each call with the next of these, and records the requests. */
async function answering(...answers: readonly (readonly [status: number, body?: object])[]) {
  const asked: Asked[] = [];
  const left = [...answers];
  const server: Server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('');
    const { method, url, headers } = request;
    asked.push({
      call: `${method} ${url}`,
      authorization: headers.authorization,
      body: text === '' ? undefined : JSON.parse(text),
    });
    const [status, body = {}] = left.shift() ?? [500];
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const administrator = { username: 'admin', password: 'p:ss' };
  const users = new Users(parseAddress(`esdb://127.0.0.1:${port}?tls=false`), administrator);
  const stop = () => new Promise((stopped) => server.close(stopped).closeAllConnections());
  return { asked, users, stop };
}

const MARIA = { name: 'maria', fullName: 'Maria writes', groups: ['writers'], password: 'secret' };

describe('users of a server', () => {
  test('are created by an administrator', async () => {
    const { asked, users, stop } = await answering([201]);
    expect(await users.put(MARIA)).toBe('made');
    expect(asked).toEqual([
      {
        call: 'POST /users',
        authorization: `Basic ${Buffer.from('admin:p:ss').toString('base64')}`,
        body: { loginName: 'maria', fullName: 'Maria writes', groups: ['writers'], password: 'secret' },
      },
    ]);
    await stop();
  });

  test('that exist get the requested password', async () => {
    const { asked, users, stop } = await answering([409], [401], [200]);
    expect(await users.put(MARIA)).toBe('password');
    expect(asked[2]).toMatchObject({
      call: 'POST /users/maria/command/reset-password',
      body: { newPassword: 'secret' },
    });
    await stop();
  });

  test('that already have the requested password are left unchanged', async () => {
    const { asked, users, stop } = await answering([409], [200]);
    expect(await users.put(MARIA)).toBe('standing');
    expect(asked.slice(1)).toMatchObject([
      {
        call: 'GET /users/$current',
        authorization: `Basic ${Buffer.from('maria:secret').toString('base64')}`,
      },
    ]);
    await stop();
  });

  test('are not created without the right to do so, and no password is repeated', async () => {
    const { users, stop } = await answering([401]);
    const refused = users.put(MARIA);
    await expect(refused).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('administrator'),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('secret') });
    await stop();
  });

  test('exist on a server with security, and not on one without', async () => {
    const { users, stop } = await answering(
      [200, { features: { userManagement: true } }],
      [200, { features: { userManagement: false } }],
      [401],
    );
    expect([await users.areKept(), await users.areKept()]).toEqual([true, false]);
    await expect(users.areKept()).rejects.toMatchObject({ name: 'Unavailable' });
    await stop();
    await expect(users.areKept()).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
