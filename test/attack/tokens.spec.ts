import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authenticator, createAuthenticator } from '../../src/api/auth';
import { devToken } from '../../src/api/tokens';
import type { OidcAuth } from '../../src/config/oidc';
import { palimpsest } from '../cli/palimpsest';
import { makeKey, type Provider, startProvider } from '../support/provider';

const HOUR = 3_600_000;

let provider: Provider;
/** The time on the clock of the server under attack. */
let now: number;
let authenticator: Authenticator;

const open = (auth: Partial<OidcAuth> = {}) =>
  createAuthenticator({ auth: { ...provider.auth, ...auth }, dataDir: '' }, { now: () => now });

beforeEach(async () => {
  provider = await startProvider();
  now = Date.now();
  authenticator = await open();
});
afterEach(() => provider.close());

const ask = async (token: string, by = authenticator): Promise<string> => {
  try {
    await by.session(`Bearer ${token}`);
    return 'accepted';
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

describe('a token that identifies a user without a right to act', () => {
  it.each([
    ['an ID token', 'JWT'],
    ['one with no type', undefined],
    ['one of another kind', 'logout+jwt'],
    ['one that hides its kind in capitals and a prefix', 'APPLICATION/JWT'],
    ['one with a type that only begins like an access token', 'at+jwt2'],
  ])('is refused: %s', async (_what, typ) => {
    expect(await ask(await provider.token({ typ }))).toBe('UNAUTHENTICATED');
  });

  it('is refused by its claims if the provider gives access tokens no type of their own', async () => {
    const lenient = await open({ tokenTypes: ['at+jwt', 'JWT'] });
    const given = async (claims: object) => ask(await provider.token({ typ: 'JWT', claims: { ...claims } }), lenient);
    expect(await given({ azp: 'frontend', typ: 'Bearer', scope: 'openid' })).toBe('accepted');
    expect(await ask(await provider.token({ typ: undefined }), lenient)).toBe('accepted');
    for (const claims of [
      { nonce: 'n-0S6_WzA2Mj' },
      { at_hash: '77QmUPtjPfzWtF2AnpK9RQ' },
      { c_hash: 'LDktKdoQak3Pk0cnXxCltA' },
      { typ: 'ID' },
      { typ: 'Refresh' },
      { token_use: 'id' },
      { azp: provider.auth.audience },
      { client_id: provider.auth.audience },
      { aud: [provider.auth.audience], azp: provider.auth.audience },
    ]) {
      expect([claims, await given(claims)]).toEqual([claims, 'UNAUTHENTICATED']);
    }
  });
});

describe('a token that never expires', () => {
  const seconds = () => Math.floor(now / 1000);

  it('is refused if it does not state when it was issued, or states a time in the future', async () => {
    expect(await ask(await provider.token({ claims: { iat: undefined } }))).toBe('UNAUTHENTICATED');
    expect(await ask(await provider.token({ claims: { iat: seconds() + 600 } }))).toBe('UNAUTHENTICATED');
    expect(await ask(await provider.token({ claims: { iat: '1' } }))).toBe('UNAUTHENTICATED');
    expect(await ask(await provider.token({ claims: { exp: undefined } }))).toBe('UNAUTHENTICATED');
  });

  it('ends at the maximum age, whatever its own expiry, also when it is cached', async () => {
    const token = await provider.token({ claims: { exp: seconds() + 10 * 365 * 86_400 } });
    expect(await ask(token)).toBe('accepted');
    now += 23 * HOUR;
    expect(await ask(token)).toBe('accepted');
    now += 2 * HOUR;
    expect(await ask(token)).toBe('TOKEN_EXPIRED');
    expect(await ask(token, await open())).toBe('TOKEN_EXPIRED');
    expect(await ask(token, await open({ maxTokenAge: 2 * 86_400 }))).toBe('accepted');
  });
});

describe('a key that the provider withdraws', () => {
  it('invalidates its tokens within a minute, and the tokens of other keys stay valid', async () => {
    const second = await makeKey('k2');
    provider.published = [provider.key, second];
    const stolen = await provider.token();
    const good = await provider.token({ key: second });
    expect([await ask(stolen), await ask(good)]).toEqual(['accepted', 'accepted']);
    provider.published = [second];
    now += 60_000;
    expect([await ask(stolen), await ask(good)]).toEqual(['UNAUTHENTICATED', 'accepted']);
  });

  it('does so under constant requests too, not only after a pause', async () => {
    const stolen = await provider.token();
    expect(await ask(stolen)).toBe('accepted');
    provider.published = [await makeKey('k2')];
    const began = now;
    while ((await ask(stolen)) === 'accepted') now += 1000;
    expect(now - began).toBeLessThanOrEqual(60_000);
    expect(provider.fetches).toBeLessThan(10);
  });

  it('does so also if a failed fetch came first, after a pause', async () => {
    const stolen = await provider.token();
    await ask(stolen);
    provider.up = false;
    now += 60_000;
    expect(await ask(stolen)).toBe('accepted');
    provider.up = true;
    provider.published = [];
    now += 10 * 60_000;
    expect(await ask(stolen)).toBe('UNAUTHENTICATED');
  });

  it('does not invalidate the last known keys while the provider is unreachable', async () => {
    const token = await provider.token();
    await ask(token);
    provider.up = false;
    for (let minute = 0; minute < 30; minute += 1) {
      now += 60_000;
      expect(await ask(token)).toBe('accepted');
    }
    expect(await ask(await provider.token({ claims: { sub: 'bob' } }))).toBe('accepted');
  });

  it('does not invalidate them if the provider answers with something other than keys', async () => {
    const token = await provider.token();
    await ask(token);
    for (const nonsense of ['', '<html>', '{}', '{"keys":7}', `{"keys":[${'{},'.repeat(200_000)}{}]}`]) {
      provider.published = nonsense;
      now += 60_000;
      expect(await ask(token)).toBe('accepted');
    }
  });

  it('is replaced by a new one at once', async () => {
    await ask(await provider.token());
    const second = await makeKey('k2');
    provider.published = [provider.key, second];
    now += 5000;
    expect(await ask(await provider.token({ key: second }))).toBe('accepted');
  });
});

describe('unknown keys', () => {
  const unknown = async (many: number) => {
    const codes: string[] = [];
    for (let index = 0; index < many; index += 1)
      codes.push(await ask(await provider.token({ kid: `made-up-${index}` })));
    return [...new Set(codes)];
  };

  it('cause one fetch in five seconds while the provider is unreachable, sequentially and concurrently', async () => {
    provider.up = false;
    expect(await unknown(20)).toEqual(['PROVIDER_UNAVAILABLE']);
    expect(provider.fetches).toBe(1);
    now += 4999;
    await Promise.all([unknown(5), unknown(5), unknown(5)]);
    expect(provider.fetches).toBe(1);
    now += 1;
    await Promise.all([unknown(5), unknown(5), unknown(5)]);
    expect(provider.fetches).toBe(2);
  });

  it('cause one fetch in five seconds while the provider answers, and are not accepted', async () => {
    expect(await unknown(20)).toEqual(['UNAUTHENTICATED']);
    expect(provider.fetches).toBe(1);
    now += 5000;
    expect(await unknown(20)).toEqual(['UNAUTHENTICATED']);
    expect(provider.fetches).toBe(2);
  });

  it('do not lock out tokens whose key is known', async () => {
    const good = await provider.token();
    expect(await ask(good)).toBe('accepted');
    provider.up = false;
    now += 5000;
    expect(await unknown(3)).toEqual(['PROVIDER_UNAVAILABLE']);
    expect(await ask(good)).toBe('accepted');
  });
});

describe('a development key that others can access', () => {
  const made: string[] = [];
  afterAll(() => {
    for (const directory of made) rmSync(directory, { recursive: true });
  });

  async function dataWithKey(): Promise<{ readonly data: string; readonly file: string }> {
    const data = mkdtempSync(join(tmpdir(), 'palimpsest-keys-'));
    made.push(data);
    await devToken(data, { role: 'author' });
    return { data, file: join(data, 'keys', 'development.jwk') };
  }

  it.each([0o644, 0o640, 0o604, 0o660, 0o610])('prevents serving: its permissions are %o', async (mode) => {
    const { data, file } = await dataWithKey();
    chmodSync(file, mode);
    const opening = createAuthenticator({ auth: { mode: 'development' }, dataDir: data });
    await expect(opening).rejects.toThrow(/other users can read .*development\.jwk.*Delete .*chmod 600/);
    await expect(devToken(data, { role: 'author' })).rejects.toThrow('chmod 600');
  });

  it('prevents serving if others can replace it', async () => {
    const { data } = await dataWithKey();
    chmodSync(join(data, 'keys'), 0o777);
    await expect(devToken(data, { role: 'author' })).rejects.toThrow(/other users can replace .*chmod 700/);
  });

  it('ends `serve` and `token` before anything is printed, with advice, and `doctor` reports it too', async () => {
    const { data, file } = await dataWithKey();
    chmodSync(file, 0o644);
    const [serve, token, doctor] = await Promise.all([
      palimpsest(['serve', '--port', '0', '--data', data]),
      palimpsest(['token', '--role', 'author', '--data', data]),
      palimpsest(['doctor', '--json', '--data', data]),
    ]);
    for (const { code, stdout, stderr } of [serve, token]) {
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toContain('other users can read the key');
      expect(stderr).toContain(`chmod 600 ${file}`);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    const { checks } = JSON.parse(doctor.stdout) as { checks: { name: string; ok: boolean; advice: string }[] };
    expect(checks.find(({ name }) => name === 'keys')).toMatchObject({
      ok: false,
      advice: expect.stringContaining('chmod 600'),
    });
  });

  it('is created where only its owner has access, whatever the parent directory allows', async () => {
    const data = mkdtempSync(join(tmpdir(), 'palimpsest-keys-'));
    made.push(data);
    chmodSync(data, 0o755);
    await devToken(data, { role: 'author' });
    const modes = ['keys', 'keys/development.jwk'].map((name) => statSync(join(data, name)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
  });
});
