import { directories, type Server, serve } from '../cli/palimpsest';

jest.setTimeout(60_000);

/** Nothing listens on the discard port. */
const NOBODY = { PALIMPSEST_TABLES: 'postgres://palimpsest@127.0.0.1:9/palimpsest' };

const places = directories();
let server: Server;

beforeAll(async () => {
  server = await serve(places.fresh(), NOBODY);
});
afterAll(() => {
  server?.child.kill('SIGKILL');
  places.remove();
});

const ACT = `mutation {
  assetRegister(input: { act: { idempotencyKey: "k" }, kind: IMAGE, title: "T" }) { position repeated userErrors { code } }
}`;

interface Acted {
  readonly assetRegister: { readonly repeated: boolean };
}

describe('a server that is started while its tables are unreachable', () => {
  test('is live, and reports why it is not ready', async () => {
    expect((await fetch(new URL('/health/live', server.url))).status).toBe(200);
    for (const path of ['/health/ready', '/health/ready?for=reads']) {
      const response = await fetch(new URL(path, server.url));
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await response.json()).toMatchObject({
        ready: false,
        reads: false,
        reasons: [expect.stringMatching(/^the tables cannot be read: PostgreSQL.*ECONNREFUSED/)],
      });
    }
  });

  test('refuses reads with advice', async () => {
    const { errors } = await server.ask('analyst', '{ assets { totalCount } }');
    expect(errors).toMatchObject([{ extensions: { code: 'TABLES_UNAVAILABLE', retryAfterMs: 2000 } }]);
  });

  test('accepts acts nevertheless, since events are stored elsewhere', async () => {
    expect((await server.ask<Acted>('author', ACT)).data!.assetRegister.repeated).toBe(false);
    expect((await server.ask<Acted>('author', ACT)).data!.assetRegister.repeated).toBe(true);
  });

  test('reports that an act is written, and why the requested asset cannot be shown', async () => {
    const { data, errors } = await server.ask<{ readonly assetRegister: { readonly position: string } }>(
      'author',
      ACT.replace('"k"', '"other"').replace('position', 'position asset { id }'),
    );
    expect(data!.assetRegister).toMatchObject({ position: expect.stringMatching(/^\d{20}$/), asset: null });
    expect(errors).toMatchObject([{ path: ['assetRegister', 'asset'], extensions: { code: 'TABLES_UNAVAILABLE' } }]);
  });

  test('stops cleanly, and has logged what was unavailable', async () => {
    server.child.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/"level":"error","message":"PostgreSQL.*"fault":"TablesUnavailable"/);
  });
});
