import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { OidcAuth } from '../../src/config/oidc';

/** A key of the provider; it is published until it is withdrawn. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

interface Token {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly typ?: string | undefined;
  readonly key?: SigningKey;
  readonly kid?: string;
}

/** A local token issuer, as a server sees one: it publishes keys, and signs its tokens with them. */
export interface Provider {
  readonly auth: OidcAuth;
  /** The published keys; a text stands for an answer of another kind. */
  published: readonly SigningKey[] | string;
  /** If false, connections are cut. */
  up: boolean;
  /** How often its keys were fetched. */
  readonly fetches: number;
  readonly key: SigningKey;
  /** Issues a token, by default for `ana`, an author, for an hour. An undefined claim is omitted. */
  token(wanted?: Token): Promise<string>;
  close(): Promise<void>;
}

export async function makeKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

export async function startProvider(): Promise<Provider> {
  const key = await makeKey('k1');
  const state = { published: [key] as Provider['published'], up: true, fetches: 0 };
  const server = createServer((request, response) => {
    state.fetches += 1;
    if (!state.up) {
      request.socket.destroy();
      return;
    }
    const { published } = state;
    const keys = () => JSON.stringify({ keys: (published as readonly SigningKey[]).map(({ publicJwk }) => publicJwk) });
    response.end(typeof published === 'string' ? published : keys());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const auth: OidcAuth = {
    mode: 'oidc',
    issuer: 'https://issuer.example',
    audience: 'palimpsest-production',
    jwksUri: `http://127.0.0.1:${port}/keys`,
    algorithms: ['RS256'],
    tokenTypes: ['at+jwt'],
    maxTokenAge: 86_400,
  };
  return Object.assign(state, {
    auth,
    key,
    async token(wanted: Token = {}) {
      const { claims = {}, key: signing = key, kid = signing.kid } = wanted;
      const typ = 'typ' in wanted ? wanted.typ : 'at+jwt';
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: auth.issuer, aud: auth.audience, sub: 'ana', iat: now, exp: now + 3600, roles: ['author'] };
      const header = { alg: 'RS256', kid, ...(typ === undefined ? {} : { typ }) };
      const said = Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined);
      return new SignJWT(Object.fromEntries(said)).setProtectedHeader(header).sign(signing.privateKey);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
