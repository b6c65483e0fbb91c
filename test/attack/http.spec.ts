import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../manners/readme';
import { type Door, lines, openDoor, Stranger, wire } from './door';

const HEAD = '{ head { position } }';
const codeIn = (answer: string): string | undefined => /"code":"([A-Z_]+)"/.exec(answer)?.[1];
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);

describe('a slow request', () => {
  let door: Door;
  let token: string;
  beforeAll(async () => {
    door = await openDoor({ requestTimeout: 400, headersTimeout: 200, checkInterval: 50 });
    token = await door.token();
    expect((await door.ask(HEAD)).status).toBe(200);
  });
  afterAll(() => door.close());

  const post = (...more: readonly string[]) =>
    lines('POST /graphql HTTP/1.1', `Host: ${door.host}`, 'Content-Type: application/json', ...more);

  it.each([
    ['whose length is known', 'Content-Length: 1000', '{"query":"{ head'],
    ['of a million bytes, sent to the last but one', 'Content-Length: 1000000', `{"query":"${'x'.repeat(999_989)}`],
    ['whose length is not known', 'Transfer-Encoding: chunked', '10\r\n{"query":"{ head\r\n'],
    ['of another media type', 'Content-Length: 1000\r\nAccept: text/html', '{'],
  ])('is ended if its body does not arrive, %s', async (_what, length, body) => {
    const heard = await wire(door.port, `${post(`Authorization: Bearer ${token}`, length)}${body}`).heard;
    expect([statusOf(heard), codeIn(heard)]).toEqual([408, 'REQUEST_TIMEOUT']);
    expect(heard.toLowerCase()).toContain('content-type: application/json');
  });

  it('is ended if its headers do not arrive, or nothing at all', async () => {
    for (const begun of ['', 'POST /graphql HT', `POST /graphql HTTP/1.1\r\nHost: ${door.host}\r\nX: `]) {
      const heard = await wire(door.port, begun).heard;
      expect([begun, codeIn(heard)]).toEqual([begun, 'REQUEST_TIMEOUT']);
    }
  });

  it('is ended if a WebSocket request is never completed', async () => {
    const begun = `GET /graphql HTTP/1.1\r\nHost: ${door.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    expect(codeIn(await wire(door.port, begun).heard)).toBe('REQUEST_TIMEOUT');
  });

  it('does not delay other clients', async () => {
    const slow = Array.from({ length: 200 }, () =>
      wire(door.port, `${post(`Authorization: Bearer ${token}`, 'Content-Length: 100')}{`),
    );
    expect((await door.ask(HEAD)).status).toBe(200);
    for (const { heard } of slow) expect(codeIn(await heard)).toBe('REQUEST_TIMEOUT');
  });

  it('is not read at all without a token, whatever it promises', async () => {
    const announced = ['Content-Length: 1000000', 'Transfer-Encoding: chunked'];
    for (const length of announced) {
      for (const header of ['X-Nothing: 1', 'Authorization: Bearer nonsense']) {
        const { heard, socket } = wire(door.port, post(header, length, 'Connection: close'));
        const answer = await heard;
        expect([statusOf(answer), codeIn(answer)]).toEqual([401, 'UNAUTHENTICATED']);
        socket.destroy();
      }
    }
  });

  it('is not read at all if nothing accepts a body', async () => {
    for (const first of ['POST /elsewhere', 'PUT /health/ready', 'POST //', 'DELETE /metrics']) {
      const { heard } = wire(
        door.port,
        lines(`${first} HTTP/1.1`, `Host: ${door.host}`, 'Content-Length: 1000000', 'Connection: close'),
      );
      expect([first, codeIn(await heard)]).toEqual([first, 'NOT_FOUND']);
    }
  });
});

describe('a malformed request', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor();
  });
  afterAll(() => door.close());

  it('is answered as JSON with a code', async () => {
    const large = lines('GET /graphql HTTP/1.1', `Host: ${door.host}`, `X: ${'x'.repeat(20_000)}`);
    const heard = await wire(door.port, large).heard;
    expect([statusOf(heard), codeIn(heard)]).toEqual([431, 'HEADERS_TOO_LARGE']);
    for (const text of ['nonsense\r\n\r\n', lines('GET / HTTP/1.1', 'Host: a', 'Content-Length: -1')]) {
      const answer = await wire(door.port, text).heard;
      expect([statusOf(answer), codeIn(answer)]).toEqual([400, 'BAD_REQUEST']);
    }
    expect(door.reported).toEqual([]);
  });

  it('leaves no connection behind if it asks for a WebSocket at the wrong path', async () => {
    const text = lines('GET /elsewhere HTTP/1.1', `Host: ${door.host}`, 'Connection: Upgrade', 'Upgrade: websocket');
    const { socket, heard } = wire(door.port, text);
    // The client never ends its own side: only a server that destroys the connection gets rid of it.
    socket.allowHalfOpen = true;
    await new Promise((resolve) => socket.once('end', resolve));
    const write = (): void => {
      if (!socket.destroyed) socket.write('x'.repeat(1000), () => setImmediate(write));
    };
    write();
    expect(codeIn(await heard)).toBe('NOT_FOUND');
  });
});

describe('a name that is not the server’s own', () => {
  let door: Door;
  let token: string;
  beforeAll(async () => {
    door = await openDoor({}, { PALIMPSEST_HOSTS: 'content.example.org, studio.example.org:8443' });
    token = await door.token();
  });
  afterAll(() => door.close());

  const asked = async (...headers: readonly string[]): Promise<number | string> => {
    const body = JSON.stringify({ query: HEAD });
    const { heard } = wire(
      door.port,
      `${lines(
        'POST /graphql HTTP/1.1',
        ...headers,
        'Content-Type: application/json',
        `Authorization: Bearer ${token}`,
        `Content-Length: ${body.length}`,
        'Connection: close',
      )}${body}`,
    );
    const answer = await heard;
    return statusOf(answer) === 200 ? 200 : `${statusOf(answer)} ${codeIn(answer)}`;
  };

  it('is refused as Host: a web page whose DNS name points here sends it', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${door.port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `127.0.0.1.evil.example:${door.port}`,
      `evil.example#127.0.0.1:${door.port}`,
      `evil@127.0.0.1:${door.port}`,
      `0.0.0.0:${door.port}`,
      `127.0.0.2:${door.port}x`,
      'content.example.org:8443',
      'studio.example.org',
      'x.content.example.org',
      '',
    ]) {
      expect([host, await asked(`Host: ${host}`)]).toEqual([host, '421 HOST_NOT_ALLOWED']);
    }
  });

  it('is refused also on a connection that used a right one before', async () => {
    const question = (host: string, more: string) =>
      lines('GET /graphql?query=%7B__typename%7D HTTP/1.1', `Host: ${host}`, `Authorization: Bearer ${token}`, more);
    const good = question(door.host, 'Apollo-Require-Preflight: 1');
    const { heard } = wire(door.port, `${good}${question('evil.example', 'Connection: close')}`);
    const answers = (await heard).split(/(?=HTTP\/1\.1 )/);
    expect(answers.map(statusOf)).toEqual([200, 421]);
  });

  it('is any name other than those of this machine and the settings', async () => {
    const own = ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'].map((name) => `${name}:${door.port}`);
    const listed = [
      'content.example.org',
      'Content.Example.org:443',
      'content.example.org:80',
      'studio.example.org:8443',
    ];
    for (const host of [...own, ...listed]) expect([host, await asked(`Host: ${host}`)]).toEqual([host, 200]);
  });

  it('may ask for health only if no foreign web page can have it', async () => {
    const health = async (host: string) =>
      statusOf(await wire(door.port, lines('GET /health/live HTTP/1.1', `Host: ${host}`, 'Connection: close')).heard);
    expect(await health('api-1:4000')).toBe(200);
    expect(await health('203.0.113.7:31000')).toBe(200);
    expect(await health('[2001:db8::1]:31000')).toBe(200);
    expect(await health('evil.example')).toBe(421);
    expect(statusOf(await wire(door.port, lines('GET /health/live HTTP/1.0')).heard)).toBe(200);
  });

  it('is refused as Origin, for requests and for WebSockets', async () => {
    const own = `Host: ${door.host}`;
    for (const origin of [
      'http://evil.example',
      'null',
      'http://127.0.0.1',
      'http://127.0.0.1:1',
      `https://evil.example:${door.port}`,
      `http://127.0.0.1:${door.port}.evil.example`,
      `file://127.0.0.1:${door.port}`,
      '',
    ]) {
      expect([origin, await asked(own, `Origin: ${origin}`)]).toEqual([origin, '403 ORIGIN_NOT_ALLOWED']);
    }
    await expect(new Stranger(door, { origin: 'http://evil.example' }).opened).rejects.toThrow('403');
    await expect(new Stranger(door, { host: `evil.example:${door.port}` }).opened).rejects.toThrow('421');
  });

  it('is not the server’s own page; clients other than browsers send no Origin', async () => {
    const own = `Host: ${door.host}`;
    expect(await asked(own, `Origin: http://${door.host}`)).toBe(200);
    expect(await asked(own, `Origin: http://localhost:${door.port}`)).toBe(200);
    expect(await asked('Host: content.example.org', 'Origin: https://content.example.org')).toBe(200);
    expect(await asked(own)).toBe(200);
    const page = new Stranger(door, { origin: `http://${door.host}` });
    await page.enter(token);
    expect(page.messages.map(({ type }) => type)).toEqual(['connection_ack']);
    page.socket.terminate();
  });
});

describe('scripts of other origins', () => {
  const STUDIO = 'https://studio.example.org';
  const preflight = (door: Door, origin: string, path = '/graphql') =>
    fetch(new URL(path, door.url), {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  /** The headers of the example in the documentation: of the browser's preflight request, and of the answer. */
  const documented = (): [Record<string, string>, Record<string, string>] => {
    const text = readFileSync(join(__dirname, '..', '..', 'docs', 'clients.md'), 'utf8');
    const headers = blocksOf(text)
      .filter(({ info }) => info[0] === 'http')
      .map((block) =>
        Object.fromEntries(
          block.text
            .split('\n')
            .slice(1)
            .map((line) => line.split(': ', 2)),
        ),
      );
    return headers as [Record<string, string>, Record<string, string>];
  };
  const corsOf = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'));

  it('get no answer if no setting allows them', async () => {
    const door = await openDoor();
    const refused = await preflight(door, STUDIO);
    expect([refused.status, corsOf(refused)]).toEqual([403, {}]);
    const answered = await door.ask(HEAD);
    expect([answered.status, corsOf(answered)]).toEqual([200, {}]);
    await door.close();
  });

  it('may send requests if their origin is listed, and no others', async () => {
    const door = await openDoor({}, { PALIMPSEST_ORIGINS: `${STUDIO},http://127.0.0.1:5173` });
    const allowed = await preflight(door, STUDIO);
    const [asked, answered] = documented();
    expect(asked['access-control-allow-origin']).toBe(STUDIO);
    expect([allowed.status, corsOf(allowed)]).toEqual([204, asked]);
    // Twice: the second time the operation is known and answered without the web framework.
    const each: Record<string, string>[] = [
      { origin: STUDIO },
      { origin: STUDIO },
      { origin: STUDIO, authorization: '' },
    ];
    for (const headers of each) {
      expect(corsOf(await door.ask(HEAD, headers))).toEqual(answered);
    }
    for (const origin of ['https://evil.example', 'http://studio.example.org', `${STUDIO}.evil.example`, 'null']) {
      const refused = await preflight(door, origin);
      expect([origin, refused.status, corsOf(refused)]).toEqual([origin, 403, {}]);
      expect([origin, (await door.ask(HEAD, { origin })).status]).toEqual([origin, 403]);
    }
    expect(corsOf(await door.ask(HEAD))).toEqual({ vary: 'Origin' });
    const page = new Stranger(door, { origin: STUDIO });
    await page.enter(await door.token());
    expect(page.messages.map(({ type }) => type)).toEqual(['connection_ack']);
    page.socket.terminate();
    await door.close();
  });
});
