import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { OidcAuth } from '../config';
import { type Authenticator, createAuthenticator } from './auth';

const AUDIENCE = 'palimpsest-production';
const ISSUER = 'https://issuer.example';

let provider: Server;
let authenticator: Authenticator;
let privateKey: CryptoKey;
let publicKey: CryptoKey;
let auth: OidcAuth;

beforeAll(async () => {
  ({ privateKey, publicKey } = await generateKeyPair('RS256'));
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] });
  provider = createServer((_request, response) => response.end(keys)).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  const { port } = provider.address() as AddressInfo;
  const jwksUri = `http://127.0.0.1:${port}/keys`;
  auth = { mode: 'oidc', issuer: ISSUER, audience: AUDIENCE, jwksUri, algorithms: ['RS256'] };
  authenticator = await createAuthenticator({ auth, dataDir: '' });
});
afterAll(() => new Promise((resolve) => provider.close(resolve)));

interface Claims {
  readonly issuer?: string;
  readonly audience?: string;
  readonly subject?: string;
  readonly expires?: string | number;
  readonly more?: Record<string, unknown>;
}

function token(claims: Claims = {}, key: CryptoKey | Uint8Array = privateKey, alg = 'RS256'): Promise<string> {
  return new SignJWT({ roles: ['author', 'king'], ...claims.more })
    .setProtectedHeader({ alg, kid: 'k1' })
    .setIssuer(claims.issuer ?? ISSUER)
    .setAudience(claims.audience ?? AUDIENCE)
    .setSubject(claims.subject ?? 'ana')
    .setExpirationTime(claims.expires ?? '1h')
    .sign(key);
}

const codeOf = async (given: string) => {
  try {
    await authenticator.session(`Bearer ${given}`);
    return 'accepted';
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

describe('tokens of a provider', () => {
  it('say who asks, and in which of the roles that are known here', async () => {
    const session = await authenticator.session(
      `Bearer ${await token({ more: { kind: 'agent', onBehalfOf: 'bob' } })}`,
    );
    expect(session).toMatchObject({ actor: { id: 'ana', kind: 'agent', onBehalfOf: 'bob' }, roles: ['author'] });
  });

  it('are accepted again without another signature check, until they expire', async () => {
    const given = `Bearer ${await token()}`;
    expect(await authenticator.session(given)).toBe(authenticator.session(given));
  });

  it('are refused from another issuer, for another audience, after their time', async () => {
    expect(await codeOf(await token({ issuer: 'https://else.example' }))).toBe('UNAUTHENTICATED');
    expect(await codeOf(await token({ audience: 'else' }))).toBe('UNAUTHENTICATED');
    expect(await codeOf(await token({ expires: 1 }))).toBe('TOKEN_EXPIRED');
    expect(await codeOf(await token({ subject: '' }))).toBe('UNAUTHENTICATED');
    expect(await codeOf(await token({ more: { kind: 'ghost' } }))).toBe('UNAUTHENTICATED');
  });

  it('are refused with another algorithm, the public key as a shared secret among them', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    expect(await codeOf(await token({}, secret, 'HS256'))).toBe('UNAUTHENTICATED');
    const other = await generateKeyPair('PS256');
    expect(await codeOf(await token({}, other.privateKey, 'PS256'))).toBe('UNAUTHENTICATED');
  });

  it('are not judged while the provider’s keys cannot be fetched', async () => {
    const lost = await createAuthenticator({ auth: { ...auth, jwksUri: 'http://127.0.0.1:1/keys' }, dataDir: '' });
    await expect(lost.session(`Bearer ${await token()}`)).rejects.toMatchObject({
      extensions: { code: 'PROVIDER_UNAVAILABLE' },
    });
  });
});
