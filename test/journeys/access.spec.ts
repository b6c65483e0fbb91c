import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { startServer } from '../../src/api/server';
import { devToken } from '../../src/api/tokens';
import { type House, openHouse } from './house';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const HEAD = '{ head { position } }';
const codes = async (header: string | undefined) => {
  const { status, errors, data } = await house.ask({ header }, HEAD);
  expect(data).toBeUndefined();
  return [status, errors?.[0]?.extensions.code];
};

describe('tokens', () => {
  it('are required for every request', async () => {
    expect(await codes(undefined)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codes('Basic YTpi')).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codes('Bearer nonsense')).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('without a signature, of another key, or expired are refused', async () => {
    const unsigned = new UnsecuredJWT({ roles: ['author'] })
      .setIssuer('urn:palimpsest:development')
      .setAudience('palimpsest')
      .setSubject('ana')
      .setExpirationTime('1h')
      .encode();
    expect(await codes(`Bearer ${unsigned}`)).toEqual([401, 'UNAUTHENTICATED']);
    const elsewhere = await mkdtemp(join(tmpdir(), 'palimpsest-keys-'));
    const foreign = await devToken(elsewhere, { role: 'author' });
    await rm(elsewhere, { recursive: true });
    expect(await codes(`Bearer ${foreign}`)).toEqual([401, 'UNAUTHENTICATED']);
    const past = await house.token('author', 'ana', -60);
    expect(await codes(`Bearer ${past}`)).toEqual([401, 'TOKEN_EXPIRED']);
  });

  it('come from a key that only its owner can read', async () => {
    const { mode } = await stat(join(house.dataDir, 'keys', 'development.jwk'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('identify the actor, which nothing in a request can change', async () => {
    const { asset } = await house.act('author:ana', 'assetRegister', { kind: 'COPY', title: 'Claim' });
    const query = 'query ($id: ID!) { asset(id: $id) { registeredBy { id } history { nodes { actor { id kind } } } } }';
    const { data } = await house.ask('auditor', query, { id: asset.id });
    const ana = { id: 'actor-ana' };
    expect(data.asset).toEqual({ registeredBy: ana, history: { nodes: [{ actor: { ...ana, kind: 'PERSON' } }] } });
    const forged = await house.ask(
      'author:eve',
      'mutation { assetRegister(input: { act: { idempotencyKey: "f" }, kind: COPY, title: "x", actor: "ana" }) { position } }',
    );
    expect(forged.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('a viewer', () => {
  it('is found again by its global id, even before its first act', async () => {
    const header = `Bearer ${await devToken(house.dataDir, { role: 'analyst', actor: 'newcomer', onBehalfOf: 'boss' })}`;
    const { data } = await house.ask({ header }, '{ viewer { actor { id } onBehalfOf { id } } }');
    for (const { id } of [data.viewer.actor, data.viewer.onBehalfOf]) {
      const query = 'query ($id: ID!) { node(id: $id) { id ... on Actor { name kind } } }';
      expect((await house.ask({ header }, query, { id })).data.node).toEqual({ id, name: null, kind: null });
      expect((await house.ask('analyst', query, { id })).data.node).toBeNull();
    }
  });

  const query = `{ viewer { actor { id name kind } actorKind onBehalfOf { id } roles expiresAt
    may { assetRegister assetRecordDecision assetRetire campaignPlan } } }`;

  it('learns its identity from its token, its expiry, and what its roles allow', async () => {
    const before = Date.now();
    const { data, errors } = await house.ask('approver:vera', query);
    expect(errors).toBeUndefined();
    const { expiresAt, ...viewer } = data.viewer;
    expect(viewer).toEqual({
      actor: { id: 'actor-vera', name: null, kind: null },
      actorKind: 'PERSON',
      onBehalfOf: null,
      roles: ['APPROVER'],
      may: { assetRegister: false, assetRecordDecision: true, assetRetire: true, campaignPlan: false },
    });
    expect(Date.parse(expiresAt)).toBeGreaterThan(before);
  });

  it('is told on whose behalf a service acts', async () => {
    const token = await devToken(house.dataDir, { role: 'author', actor: 'desk', kind: 'service', onBehalfOf: 'ana' });
    const { data } = await house.ask({ header: `Bearer ${token}` }, query);
    expect(data.viewer).toMatchObject({
      actor: { id: 'actor-desk' },
      actorKind: 'SERVICE',
      onBehalfOf: { id: 'actor-ana' },
      may: { assetRegister: true, assetRecordDecision: false },
    });
  });
});

describe('roles', () => {
  const plan =
    'mutation { campaignPlan(input: { act: { idempotencyKey: "p" }, name: "Summer" }) { userErrors { code } } }';
  const decide = `mutation { assetRecordDecision(input: { act: { idempotencyKey: "d" }, assetId: "${'0'.repeat(8)}-0000-4000-8000-000000000000",
    version: 1, digest: "${'a'.repeat(64)}", decision: APPROVE, role: "brand manager" }) { userErrors { code } } }`;

  it.each(['analyst', 'auditor'] as const)('let an %s read but not act', async (role) => {
    expect((await house.ask(role, HEAD)).errors).toBeUndefined();
    expect(await house.ask(role, plan)).toMatchObject({ status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it('let an author create and an approver decide, and neither do the other’s work', async () => {
    expect((await house.ask('author', plan)).data.campaignPlan.userErrors).toEqual([]);
    expect((await house.ask('approver', plan)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await house.ask('author', decide)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const { data } = await house.ask('approver', decide);
    expect(data.assetRecordDecision.userErrors).toEqual([{ code: 'ASSET_NOT_FOUND' }]);
  });

  it('cannot be bypassed with a fragment or an alias', async () => {
    const hidden = `mutation { ...all } fragment all on Mutation { head: campaignEnd(input:
      { act: { idempotencyKey: "h" }, campaignId: "${'0'.repeat(8)}-0000-4000-8000-000000000000" }) { repeated } }`;
    expect((await house.ask('analyst', hidden)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('the address', () => {
  it('is limited to this machine with development tokens', async () => {
    const dependencies = { ...house.started.app, version: 'test' };
    await expect(startServer(dependencies, { host: '0.0.0.0', port: 0 })).rejects.toThrow('127.0.0.1');
  });

  it('is named if another process listens there', async () => {
    const port = Number(new URL(house.started.url).port);
    const dependencies = { ...house.started.app, version: 'test' };
    await expect(startServer(dependencies, { host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('requests without a token', () => {
  const get = (path: string, accept: string) => fetch(new URL(path, house.started.url), { headers: { accept } });

  it('may ask for the health of the server', async () => {
    expect(await (await get('/health/live', 'application/json')).json()).toMatchObject({ live: true });
    const ready = await get('/health/ready', 'application/json');
    expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true, reasons: [] }]);
  });

  it('are redirected from / to the page of the library', async () => {
    const answer = await fetch(new URL('/', house.started.url), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/assets']);
  });

  it('get that page, which runs only scripts of this server', async () => {
    for (const path of ['/assets', '/assets/00000000-0000-4000-8000-000000000000']) {
      const page = await get(path, 'text/html');
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(await page.text()).toMatch(/<script type="application\/json" id="personas">\[{"role":"author"/);
    }
  });

  it('get the query page again when it is reloaded with its operation in the address', async () => {
    const page = await get('/graphql?query=%7B+head+%7B+position+%7D+%7D', 'text/html,application/xhtml+xml');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('get a token of each persona on the query page, which the server accepts', async () => {
    const text = await (await get('/graphql', 'text/html')).text();
    const [, personas] = /const personas = (\[.*\]);/.exec(text) ?? [];
    for (const { token } of JSON.parse(personas!) as { token: string }[]) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const body = JSON.stringify({ query: '{ head { position } }' });
      const answer = await fetch(house.started.url, { method: 'POST', headers, body });
      expect(await answer.json()).toMatchObject({ data: { head: { position: expect.any(String) } } });
    }
  });

  it('get a query page that loads nothing from other machines', async () => {
    const page = await get('/graphql', 'text/html');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('Palimpsest');
    expect(text).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="https?:/);
  });
});
